"""The small parts: folders that are whole or absent, options, steps, names."""

import argparse
import os
import tempfile
import threading
import unittest
from pathlib import Path
from unittest.mock import patch

from suite_tools import (
    browser,
    browser_steps,
    cli,
    database,
    locks,
    ownership,
    shots_options,
)
from suite_tools.console import SuiteError


class TestLocks(unittest.TestCase):
    def setUp(self):
        cache = tempfile.TemporaryDirectory()
        self.addCleanup(cache.cleanup)
        self.root = Path(cache.name)
        for patcher in (
            patch.dict(os.environ, XDG_CACHE_HOME=cache.name),
            patch.object(locks, "step"),
        ):
            patcher.start()
            self.addCleanup(patcher.stop)

    def test_a_broken_build_is_begun_anew(self):
        def fail(folder):
            (folder / "half").touch()
            raise SuiteError("no network")

        target = self.root / "thing"
        with self.assertRaises(SuiteError):
            locks.build_once(target, fail)
        self.assertFalse(locks.is_ready(target))
        locks.build_once(target, lambda folder: (folder / "whole").touch())
        self.assertEqual({path.name for path in target.iterdir()}, {"whole", ".ready"})

    def test_parallel_calls_build_once(self):
        built = []
        target = self.root / "thing"
        threads = [
            threading.Thread(target=locks.build_once, args=(target, built.append))
            for _number in range(5)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(built), 1)


class TestCommandLine(unittest.TestCase):
    def test_options_of_odoo_are_passed_on(self):
        options = cli._parse(["odoo", "-d", "x", "--help"])
        self.assertEqual(options.arguments, ["-d", "x", "--help"])

    def test_every_command_has_its_options(self):
        self.assertEqual(set(cli.OPTIONS), set(cli.COMMANDS))

    def test_steps_keep_their_order(self):
        parser = argparse.ArgumentParser()
        shots_options.add(parser)
        arguments = ["--click", "a", "--wait", "1", "--click", "b"]
        steps = parser.parse_args(arguments).steps
        self.assertEqual(steps, [("click", "a"), ("wait", "1"), ("click", "b")])

    def test_every_step_is_known(self):
        self.assertEqual(set(shots_options.STEPS), set(browser_steps.KINDS))


class TestNames(unittest.TestCase):
    def test_database_names_need_no_quotes(self):
        self.assertEqual(database.check_name("demo_1"), "demo_1")
        for name in ('a"b', "A", "", "x" * 64, "-x"):
            with self.assertRaises(SuiteError):
                database.check_name(name)

    def test_selectors_with_a_text(self):
        for selector in (".a:contains(b c)", '.a:contains("b c")'):
            match = browser.CONTAINS.match(selector)
            self.assertEqual((match["css"], match["text"]), (".a", "b c"))
        self.assertIsNone(browser.CONTAINS.match(".a"))

    def test_extended_models_are_not_ours(self):
        source = """
class Ours(Model):
    _name = "crm.ours"
    _inherit = ["mail.thread"]

class Host(Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "crm.ours.mixin"]

class Extended(Model):
    _inherit = "crm.stage"
"""
        self.assertEqual(list(ownership.models_of(source)), ["crm.ours"])
