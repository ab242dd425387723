/*
 * The page: one style sheet for screen and print, light and dark, wide and narrow. No script, no
 * request to anywhere. Teal is forward, amber backward, violet retained, grey none: told apart by
 * the colour-blind, and by lightness on grey print.
 */
#include "html_page.h"

static const char STYLE[] =
    ":root{color-scheme:light dark;--ink:#1d2526;--soft:#5b6768;--paper:#fff;--line:#d8dedd;"
    "--wash:#f3f6f5;--accent:#0b7a75;--forward:#0b7a75;--backward:#d08700;--retained:#7b5ea7;"
    "--none:#8b9594;--band:#9fcfcb;--tissue:#f0e4de;--tissue-line:#a58d82;--alert:#8a4b00;"
    "--alert-wash:#fff4e0}\n"
    "@media(prefers-color-scheme:dark){:root{--ink:#e6ecea;--soft:#a3b0ae;--paper:#14191a;"
    "--line:#323b3b;--wash:#1c2323;--accent:#4fc3ba;--forward:#4fc3ba;--backward:#f0b03f;"
    "--retained:#b79be0;--none:#7d8988;--band:#23635e;--tissue:#352c29;--tissue-line:#8f7a70;"
    "--alert:#ffcf8a;--alert-wash:#33270f}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--paper);color:var(--ink);"
    "font:16px/1.5 system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",\"DejaVu Sans\","
    "sans-serif}\n"
    "main{max-width:62rem;margin:0 auto;padding:1.5rem 1.25rem 3rem}\n"
    "main.plain{max-width:42rem;font-size:1.0625rem}\n"
    "h1{font-size:1.5rem;line-height:1.25;margin:0 0 .4rem}\n"
    "h2{font-size:1.125rem;margin:1.8rem 0 .4rem;break-after:avoid}\n"
    "p,ul,ol{margin:.5rem 0}li{margin:.25rem 0}li,p{orphans:2;widows:2}\n"
    "a{color:var(--accent)}\n"
    ".strong{font-weight:600}.faint,.note{color:var(--soft);font-size:.875rem}\n"
    ".faint{margin:.2rem 0;overflow-wrap:anywhere}\n"
    ".detail{display:block;color:var(--soft);font-size:.875rem}\n"
    ".alert{background:var(--alert-wash);color:var(--alert);border-left:.25rem solid "
    "var(--backward);padding:.6rem .8rem;border-radius:.25rem;break-inside:avoid}\n"
    "figure{margin:1rem 0;break-inside:avoid}figure svg{display:block;width:100%;height:auto;"
    "max-width:30rem;margin:0 auto}\n"
    "figcaption{color:var(--soft);font-size:.875rem;text-align:center}\n"
    ".two{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr);gap:0 2.5rem;"
    "align-items:start}\n"
    "table{border-collapse:collapse;width:100%;margin:.3rem 0}\n"
    "td,th{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid "
    "var(--line);font-weight:400}tr{break-inside:avoid}\n"
    "td.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums;width:1%}\n"
    "tr.first th,tr.first td{font-weight:600}\n"
    "td.bar{width:34%;min-width:6rem;padding-top:.6rem}\n"
    "td.bar svg{display:block;width:100%;height:.9rem}\n"
    "tr.under td{color:var(--soft);font-size:.875rem;padding-top:0}\n"
    "tr:has(+tr.under)>*{border-bottom:0;padding-bottom:0}\n"
    "sup a{text-decoration:none}.sources{font-size:.8125rem;color:var(--soft);"
    "overflow-wrap:anywhere;padding-left:2rem}\n"
    "sup{line-height:0}\n"
    "@media(max-width:44rem){main{padding:1rem}.two{display:block}td.bar{width:26%;"
    "min-width:4rem}}\n"
    "@page{margin:16mm}\n"
    "@media print{:root{color-scheme:light;--ink:#000;--soft:#444;--paper:#fff;--line:#bbb;"
    "--wash:#fff;--accent:#0b7a75;--forward:#0b7a75;--backward:#d08700;--retained:#7b5ea7;"
    "--none:#8b9594;--band:#9fcfcb;--tissue:#f0e4de;--tissue-line:#a58d82;--alert:#000;"
    "--alert-wash:#fff}\n"
    "body{font-size:10.5pt;-webkit-print-color-adjust:exact;print-color-adjust:exact}\n"
    "main,main.plain{max-width:none;padding:0;font-size:inherit}"
    ".two{grid-template-columns:3fr 2fr}a{color:inherit}}\n";

void ag_html_text(ag_buffer *out, const char *text) {
    for (; *text != '\0'; text++) {
        if (*text == '&')
            ag_buffer_add(out, "&amp;");
        else if (*text == '<')
            ag_buffer_add(out, "&lt;");
        else if (*text == '>')
            ag_buffer_add(out, "&gt;");
        else if (*text == '"')
            ag_buffer_add(out, "&quot;");
        else if (*text == ' ' && text[1] == '%') /* a number and its per cent sign are one word */
            ag_buffer_add(out, "&#160;");
        else
            ag_buffer_add_char(out, *text);
    }
}

void ag_html_begin(ag_buffer *out, const char *title, const char *kind, ag_language language) {
    ag_buffer_format(out,
                     "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                     "style-src 'unsafe-inline'\">\n<title>",
                     ag_language_code(language));
    ag_html_text(out, title);
    ag_buffer_add(out, "</title>\n<style>\n");
    ag_buffer_add(out, STYLE);
    ag_buffer_format(out, "</style>\n</head>\n<body>\n<main class=\"%s\">\n", kind);
}

void ag_html_end(ag_buffer *out) {
    ag_buffer_add(out, "</main>\n</body>\n</html>\n");
}
