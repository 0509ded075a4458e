"""The child process of the worker: first it sees to it that it ends with the worker, then it loads what the work needs.

python -m app.jobs TASK | --lost TASK | --unfinished | --daily | --hourly | --post
"""

from __future__ import annotations

import sys

from app import dying

if __name__ == "__main__":
    dying.with_parent()
    from app.jobs import performing

    sys.exit(performing.main(sys.argv[1:]))
