/**
 * @file language.h
 * The languages of what is said to people. Sentences stand in the sources in English;
 * po/<language>.po has the others, compiled by msgfmt and embedded. The language is always an
 * argument: nothing here asks the process for its locale.
 */
#ifndef AG_LANGUAGE_H
#define AG_LANGUAGE_H

/** X(constant, code): the first is that of the sources. */
#define AG_LANGUAGE_LIST(X) X(AG_ENGLISH, "en") X(AG_SPANISH, "es")

typedef enum ag_language {
#define AG_LANGUAGE_ENUM(constant, code) constant,
    AG_LANGUAGE_LIST(AG_LANGUAGE_ENUM)
#undef AG_LANGUAGE_ENUM
        AG_LANGUAGES
} ag_language;

#if defined(__GNUC__)
#define AG_FORMAT_ARGUMENT(n) __attribute__((format_arg(n)))
#else
#define AG_FORMAT_ARGUMENT(n)
#endif

/** The language of a code; English for NULL and any code that is not known. */
ag_language ag_language_of(const char *code);

/** "en", "es". */
const char *ag_language_code(ag_language language);

/** Marks an English text that ag_say is given elsewhere, so that it is found for translation. */
#define AG_SAID(text) text

/** The English text in a language; itself where it has no translation. Borrowed for ever. */
const char *ag_say(ag_language language, const char *english) AG_FORMAT_ARGUMENT(2);

/**
 * The translation of `english` in a compiled catalogue of gettext (.mo, little endian), or NULL;
 * NULL too where `catalogue` is NULL.
 */
const char *ag_catalogue_find(const unsigned char *catalogue, const char *english);

/** Made by the build from po/; NULL for English. */
extern const unsigned char *const ag_catalogues[AG_LANGUAGES];

#endif
