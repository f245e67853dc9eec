"""What the nets see: crops and pictures drawn, moved and spoilt as a webcam would."""
