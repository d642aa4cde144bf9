"""taizhang rules --new: write the skeleton of a new district's rulebook."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rulebooks.loading import HOME
from rulebooks.new_district import is_name, skeleton
from services.commands.refusing import refused
from services.exit_codes import FINE, NOT_DONE
from services.file_faults import NOT_WRITTEN, file_fault

if TYPE_CHECKING:
    import argparse


def begin(args: argparse.Namespace) -> int:
    """Write the skeleton; refuse a name that is none and a folder that holds something."""
    district, _, version = args.new.partition("/")
    version = version or str(dt.datetime.now(dt.UTC).year)
    if not is_name(district, version):
        return refused(
            "rules.no_name_of_rulebook",
            f"--new：{args.new} 不能作规则书的名称，没有写出；应写作 DISTRICT 或 DISTRICT/2025，区县名用小写拼音。",
            f"--new: {args.new} cannot name a rulebook, so nothing was written; write DISTRICT or DISTRICT/2025, the "
            "district in small letters.",
        )
    folder = HOME / district / version if args.to is None else Path(args.to)
    try:
        if folder.exists() and any(folder.iterdir()):
            return refused(
                "rules.folder_in_use",
                f"{folder} 已有文件，不覆盖，没有写出；请用 --to 指明别处。",
                f"{folder} holds files and is left as it is, so nothing was written; name another place by --to.",
            )
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in skeleton(district, version):
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        sys.stderr.write(f"{file_fault(error, NOT_WRITTEN, folder)}\n")
        return NOT_DONE
    sys.stdout.write(f"已写出 written: {folder}\n")
    sys.stdout.write("下一步 next: taizhang rules --lint --cases --district " + district + "\n")
    return FINE
