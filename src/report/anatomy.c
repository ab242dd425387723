/* Outlines after the midsagittal section of textbooks; the duct of one side is drawn over it. */
#include "anatomy.h"

#include "language.h"

const char ag_anatomy_organs[] =
    "<g fill='none' stroke='var(--tissue-line)' stroke-width='1.5' stroke-linecap='round' "
    "stroke-linejoin='round'>"
    /* perineum, pubic bone */
    "<path d='M204 262C242 268 268 290 332 288' opacity='.45'/>"
    "<ellipse cx='134' cy='184' rx='13' ry='23' transform='rotate(-24 134 184)' "
    "fill='var(--tissue-line)' fill-opacity='.22' stroke='none'/>"
    /* sperm duct, from the testis around the bladder to behind the prostate */
    "<path d='M191 306C220 288 152 240 129 178C110 120 160 42 232 47C306 53 304 136 250 179' "
    "stroke-width='2.2'/>"
    "<g fill='var(--tissue)'>"
    /* scrotum, testis, epididymis */
    "<path d='M132 260C108 300 122 346 164 346C208 346 216 300 196 260'/>"
    "<ellipse cx='164' cy='308' rx='27' ry='21'/>"
    "<path d='M186 293C203 298 201 323 184 327C193 316 193 303 186 293Z'/>"
    /* penis, bulb */
    "<path d='M150 211C108 192 82 214 70 250L60 306C60 323 97 327 102 309L113 268C121 250 134 254 "
    "152 257'/>"
    "<path d='M150 212C170 222 186 228 196 234C208 244 200 262 180 262C166 262 160 259 151 257' "
    "stroke='none'/><path d='M150 211C170 221 186 228 196 234C208 244 200 262 180 262C166 262 160 "
    "259 152 257' fill='none'/>"
    /* bladder, prostate, vesicle */
    "<path d='M148 118C146 60 276 58 278 116C280 148 244 164 224 173L202 173C178 164 150 148 148 "
    "118Z' stroke-width='3'/>"
    "<path d='M202 173L224 173C252 179 254 222 212 227C170 222 174 179 202 173Z'/>"
    "<path d='M246 183C247 172 254 165 261 162C263 152 271 147 279 148C283 138 292 135 300 139C311 "
    "135 319 143 315 152C313 160 306 162 300 161C297 169 289 174 281 171C277 180 268 185 260 "
    "182C254 "
    "187 250 187 246 183Z'/>"
    /* external sphincter, cut on both sides of the urethra */
    "<g fill='var(--tissue-line)' stroke='none'><ellipse cx='191' cy='229' rx='7.5' ry='4' "
    "transform='rotate(38 191 229)'/><ellipse cx='215' cy='242' rx='7.5' ry='4' "
    "transform='rotate(38 215 242)'/></g></g>"
    "<path d='M250 180L215 203' stroke-width='2.2'/>"
    "<path d='M213 172C213 198 212 216 205 233C196 252 166 248 143 237C113 224 98 246 84 314' "
    "stroke-width='7' opacity='.35'/></g>";

const char ag_anatomy_urethra[] =
    "M213 172C213 198 212 216 205 233C196 252 166 248 143 237C113 224 98 246 84 314";
const char ag_anatomy_forward[] =
    "M213 204C212 216 210 224 205 233C196 252 166 248 143 237C113 224 98 246 82 324";
const char ag_anatomy_backward[] = "M213 204C213 190 213 160 213 132";
const char ag_anatomy_held[] = "M213 204C212 216 210 224 205 233C196 252 166 248 143 237";
const char ag_anatomy_glands[] = "M296 149C276 156 258 174 250 180L215 203";

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
