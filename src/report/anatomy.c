/* Outlines (share/tract-outlines.json) after the midsagittal section of textbooks; the duct of one
 * side is drawn over it. */
#include "anatomy.h"

#include "language.h"
#include "outlines.h"

const char ag_anatomy_organs[] =
    "<g fill='none' stroke='var(--tissue-line)' stroke-width='1.5' stroke-linecap='round' "
    "stroke-linejoin='round'>"
    /* perineum */
    "<path d='M204 262C242 268 268 290 332 288' opacity='.45'/>"
    "<ellipse " AG_OUTLINE_BONE " fill='var(--tissue-line)' fill-opacity='.22' stroke='none'/>"
    "<path d='" AG_OUTLINE_SPERM_DUCT "' stroke-width='2.2'/>"
    "<g fill='var(--tissue)'>"
    "<path d='" AG_OUTLINE_SCROTUM "'/>"
    "<ellipse " AG_OUTLINE_TESTIS "/>"
    "<path d='" AG_OUTLINE_EPIDIDYMIS "'/>"
    "<path d='" AG_OUTLINE_PENIS "'/>"
    /* bulb */
    "<path d='M150 212C170 222 186 228 196 234C208 244 200 262 180 262C166 262 160 259 151 257' "
    "stroke='none'/><path d='M150 211C170 221 186 228 196 234C208 244 200 262 180 262C166 262 160 "
    "259 152 257' fill='none'/>"
    "<path d='" AG_OUTLINE_BLADDER "' stroke-width='3'/>"
    "<path d='" AG_OUTLINE_PROSTATE "'/>"
    "<path d='" AG_OUTLINE_VESICLE "'/>"
    /* external sphincter, cut on both sides of the urethra */
    "<g fill='var(--tissue-line)' stroke='none'><ellipse " AG_OUTLINE_SPHINCTER_LEFT
    "/><ellipse " AG_OUTLINE_SPHINCTER_RIGHT "/></g></g>"
    "<path d='" AG_OUTLINE_EJACULATORY_DUCT "' stroke-width='2.2'/>"
    "<path d='" AG_OUTLINE_URETHRA "' stroke-width='7' opacity='.35'/></g>";

const ag_anatomy_name ag_anatomy_names[AG_ANATOMY_NAMES] = {
    {AG_SAID("bladder"), 213, 94, "middle", ""},
    {AG_SAID("sperm duct"), 112, 84, "end", "M139 100L115 86"},
    {AG_SAID("bladder neck"), 112, 146, "end", "M205 171L115 143"},
    {AG_SAID("seminal vesicle"), 330, 130, "start", "M313 142L327 131"},
    {AG_SAID("ejaculatory duct"), 292, 196, "start", "M240 187L289 192"},
    {AG_SAID("prostate"), 292, 218, "start", "M243 209L289 214"},
    {AG_SAID("sphincter"), 292, 244, "start", "M223 243L289 240"},
    {AG_SAID("urethra"), 60, 214, "end", "M104 241L63 214"},
    {AG_SAID("testis"), 226, 326, "start", "M190 314L223 322"},
};
