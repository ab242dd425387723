/** @file html_page.h The one page that all HTML reports and leaflets are: self-contained. */
#ifndef AG_HTML_PAGE_H
#define AG_HTML_PAGE_H

#include "language.h"
#include "text.h"

/** Write text, with the characters that mean something to HTML escaped. */
void ag_html_text(ag_buffer *out, const char *text);

/** Everything up to and with <main class="…">. */
void ag_html_begin(ag_buffer *out, const char *title, const char *kind, ag_language language);

/** </main> and the rest. */
void ag_html_end(ag_buffer *out);

#endif
