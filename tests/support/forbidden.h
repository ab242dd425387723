/**
 * @file forbidden.h
 * What a text for the man himself never says: advice to start, stop or skip a medicine; doses of
 * pressors or imipramine; vibration on his own; the words infertile, safe, not cancer; a chance of
 * cancer; that a dry orgasm protects; blame.
 */
#ifndef TESTS_FORBIDDEN_H
#define TESTS_FORBIDDEN_H

#include <regex.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const forbidden[] = {
    /* a name of a pressor or imipramine with a number and a unit near it, either way round */
    "(ephedrine|efedrina|midodrin|imipramin|phenylpropanolamine|etilefrin)[^.]{0,40}[0-9] ?m?g",
    "[0-9] ?m?g[^.]{0,20}(ephedrine|efedrina|midodrin|imipramin|phenylpropanolamine|etilefrin)",
    /* orders on medicines; "do not stop" is what it should say */
    "(^|[.:!] )(stop|start|skip|halve|try) (taking|your|the medicine|the tablet)",
    "you (should|can|may|must) (stop|start|skip) ",
    "(^|[.:!] )(deje|suspenda|empiece) (de tomar|su|la medicina|la pastilla)",
    "(puede|debe) (dejar|suspender|empezar) (de tomar|la medicina|su medicina)",
    "(vibrator|vibration|vibrador|vibración)[^.]{0,30}(at home|yourself|en casa|usted mismo)",
    "infertil|estéril|sterile",
    "(^|[^a-z])(is|are|it's|completely|perfectly) safe|(es|son) segur[oa]s?[ .,]",
    "(not|no es|isn't) (a )?(cancer|cáncer)",
    "(cancer|cáncer)[^.]{0,40}[0-9]+ (of|in|de cada) |[0-9] ?%",
    "your (own )?fault|you (caused|brought)|por su culpa",
    "protects? (you )?(from|against)|le protege de",
};

/** The first forbidden thing in `text`, or NULL. */
static const char *forbidden_in(const char *text) {
    static char found[200];
    for (size_t i = 0; i < sizeof forbidden / sizeof forbidden[0]; i++) {
        regex_t pattern;
        regmatch_t match;
        if (regcomp(&pattern, forbidden[i], REG_EXTENDED | REG_ICASE) != 0)
            abort();
        bool is_there = regexec(&pattern, text, 1, &match, 0) == 0;
        regfree(&pattern);
        if (is_there) {
            snprintf(found, sizeof found, "%.*s", (int)(match.rm_eo - match.rm_so),
                     text + match.rm_so);
            return found;
        }
    }
    return NULL;
}

#endif
