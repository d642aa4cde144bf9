"""taizhang rules --new: write the skeleton of a new district's rulebook."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rulebooks.loading import HOME
from rulebooks.new_district import is_name, skeleton
from services.exit_codes import FINE, NOT_DONE
from services.file_faults import NOT_WRITTEN, file_fault

if TYPE_CHECKING:
    import argparse


def begin(args: argparse.Namespace) -> int:
    """Write the skeleton; refuse a name that is none and a folder that holds something."""
    district, _, version = args.new.partition("/")
    version = version or str(dt.datetime.now(dt.UTC).year)
    if not is_name(district, version):
        zh = f"--new 应写作 DISTRICT 或 DISTRICT/2025，区县名用小写拼音：{args.new}"
        sys.stderr.write(f"{zh} / write DISTRICT or DISTRICT/2025, the district in small letters: {args.new}\n")
        return NOT_DONE
    folder = HOME / district / version if args.to is None else Path(args.to)
    if folder.exists() and any(folder.iterdir()):
        zh = f"{folder} 已有文件，不覆盖；请换 --to"
        sys.stderr.write(f"{zh} / {folder} holds files and is left as it is; name another with --to\n")
        return NOT_DONE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in skeleton(district, version):
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        sys.stderr.write(f"{file_fault(error, NOT_WRITTEN, folder)}\n")
        return NOT_DONE
    sys.stdout.write(f"已写出 written: {folder}\n")
    sys.stdout.write("下一步 next: taizhang rules --lint --cases --district " + district + "\n")
    return FINE
