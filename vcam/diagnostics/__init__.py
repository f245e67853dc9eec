"""What this machine has, can do and lacks: the doctor, its fixes, the benchmark."""
