"""What the nets see: crops and pictures drawn, moved and augmented as a webcam would."""
