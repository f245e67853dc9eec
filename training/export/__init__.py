"""What leaves the school: ONNX files with their cards."""
