"""Recording, import, command line, settings: the layer that touches clocks, files and sockets."""
