"""Merging the terms into a translation, without losing or inventing any."""

import tempfile
import unittest
from pathlib import Path

import polib
from suite_tools import i18n


def catalog(**terms):
    result = polib.POFile()
    result.metadata = dict(i18n.METADATA)
    for term, translation in terms.items():
        result.append(polib.POEntry(msgid=term, msgstr=translation))
    return result


class TestI18n(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "i18n").mkdir()
        self.path = i18n.translation_path(self.folder)

    def test_translations_are_kept_and_old_terms_go(self):
        catalog(Stage="阶段", Gone="没有了").save(str(self.path))
        merged = i18n.merge(catalog(Stage="", New=""), self.path, {})
        words = {entry.msgid: entry.msgstr for entry in merged}
        self.assertEqual(words, {"Stage": "阶段", "New": ""})

    def test_new_terms_take_the_word_of_odoo(self):
        merged = i18n.merge(catalog(Name=""), self.path, {"Name": "名称"})
        self.assertEqual(merged[0].msgstr, "名称")

    def test_merging_again_changes_nothing(self):
        template = catalog(Stage="", Name="")
        first = i18n._text(i18n.merge(template, self.path, {"Name": "名称"}))
        self.path.write_text(first)
        self.assertEqual(i18n._text(i18n.merge(template, self.path, {})), first)

    def test_gaps_are_told(self):
        catalog(Stage="", Name="").save(str(i18n.template_path("x", self.folder)))
        catalog(Stage="阶段", Name="").save(str(self.path))
        self.assertEqual(
            i18n.untranslated("x", self.folder), ["x: not translated: 'Name'"]
        )
