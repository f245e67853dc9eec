"""What leaves training: ONNX files with their cards."""
