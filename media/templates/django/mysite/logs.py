"""Where the log goes."""

import logging
import sys


class ErrorLogHandler(logging.StreamHandler):
    """Writes to the error log of the request that is being answered: to what sys.stderr is then, not at the start."""

    def __init__(self):
        logging.Handler.__init__(self)

    @property
    def stream(self):
        return sys.stderr
