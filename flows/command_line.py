"""How a flow that is started from a shell ends: its errors as one sentence, and the exit code."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable

from flows.errors import Customer360Error


def exit_code_of(work: Callable[[], None]) -> int:
    """Run; returns 0, the code of an expected error (flows/errors.py), 130 for Ctrl-C, 1 with a traceback for a bug."""
    try:
        work()
    except Customer360Error as fault:
        print(f"\ncustomer-360: {fault}", file=sys.stderr)
        return fault.exit_code
    except KeyboardInterrupt:
        print("\ncustomer-360: interrupted; the next run completes it.", file=sys.stderr)
        return 130
    except Exception:
        traceback.print_exc()
        return 1
    return 0
