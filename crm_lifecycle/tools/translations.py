"""Translated texts as plain data: ``{language code: text}``."""

SOURCE_LANG = "en_US"


def get_translations(record, field_name):
    """The text of one record's field in every active language that has its own.

    :return: dict that always holds the source language
    """
    source = record.with_context(lang=SOURCE_LANG)[field_name] or ""
    texts = {SOURCE_LANG: str(source)}
    for lang, _name in record.env["res.lang"].get_installed():
        text = record.with_context(lang=lang)[field_name]
        if text and text != source:
            texts[lang] = str(text)
    return texts


def set_translations(record, field_name, texts):
    """Write ``texts``; languages that are not active are left out.

    Structured (HTML) texts are translated term by term, a translation that is
    built differently from its source is left out.

    :param texts: ``{language code: text}`` or one text for all languages
    """
    if not isinstance(texts, dict):
        texts = {SOURCE_LANG: texts}
    source = texts.get(SOURCE_LANG) or next(iter(texts.values()), "")
    record = record.with_context(lang=SOURCE_LANG)
    record[field_name] = source
    field = record._fields[field_name]
    active = {lang for lang, _name in record.env["res.lang"].get_installed()}
    translations = {}
    for lang, text in texts.items():
        if lang not in active or lang == SOURCE_LANG:
            continue
        if not callable(field.translate):
            translations[lang] = text
            continue
        terms = field.get_trans_terms(record[field_name])
        translated = field.get_trans_terms(text)
        if len(terms) == len(translated):
            translations[lang] = dict(zip(terms, translated, strict=True))
    if translations:
        record.update_field_translations(field_name, translations)


def pick_text(texts, lang):
    """The text of ``lang`` out of ``{language code: text}``, else the source text."""
    if not isinstance(texts, dict):
        return texts
    return texts.get(lang) or texts.get(SOURCE_LANG) or next(iter(texts.values()), "")
