"""The pages of this room, under /bao-cao/."""
