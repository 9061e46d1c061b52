import sys

from haicap.config.cli import main

sys.exit(main())
