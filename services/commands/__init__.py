"""The commands of `taizhang`, one file each: `add` declares its options, `run` does it and returns the exit code."""
