"""What is sent by mail: that there is something to read here, never what."""
