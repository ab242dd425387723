/** @file localized.h Texts and names of cards in a language. */
#ifndef AG_LOCALIZED_H
#define AG_LOCALIZED_H

#include "knowledge.h"
#include "language.h"

/** The text of a pair; the English one where the other is absent; NULL where both are. */
const char *ag_localized_text(ag_localized text, ag_language language);

/** The first name in a language. */
const char *ag_first_name(const ag_names *names, ag_language language);

/** Texts of a card in a language: the Spanish ones where there are any, else the English. */
const ag_texts *ag_localized_texts(const ag_texts *en, const ag_texts *es, ag_language language);

#endif
