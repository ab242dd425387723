/**
 * @file tract_parameters.h
 * Every parameter of the model of the ejaculatory tract: the one list from which enumerators, the
 * table of ag_tract_parameter_info() and the virtual men are made.
 *
 * X(ID, name, unit, default, low, high, spread, sd, source, reason)
 *   low, high  what is allowed; a virtual man's draw is cut there
 *   spread     how men differ: FIXED; LOGNORMAL (sd of the logarithm); NORMAL (sd); CUBE (the cube
 * root is normal, sd relative to its mean); UNIFORM (over low..high, sd unused) source     evidence
 * ids, separated by blanks, or "assumption" reason     what the source supports, or why the
 * assumption was made
 */
#ifndef ANTEGRADE_TRACT_PARAMETERS_H
#define ANTEGRADE_TRACT_PARAMETERS_H

/* clang-format off */
#define AG_TRACT_PARAMETER_LIST(X) \
/* nerves and receptors */ \
X(DRIVE, "drive", "1", 1, 0, 1.5, FIXED, 0, "assumption", "unit of the command from the cord; 0 is none") \
X(DRIVE_RISE_S, "drive_rise_s", "s", 0.5, 0.1, 5, FIXED, 0, "assumption", "emission begins within a second of the point of no return") \
X(DRIVE_OFF_S, "drive_off_s", "s", 17, 5, 20, FIXED, 0, "phys-orgasm-contractions-men", "contractions last about 17 s") \
X(DRIVE_FALL_S, "drive_fall_s", "s", 2, 0.1, 5, FIXED, 0, "assumption", "the command fades over a few contractions") \
X(RESPONSE_FAST_S, "response_fast_s", "s", 0.5, 0.05, 5, FIXED, 0, "phys-semen-fractions", "order of the fractions: vas and prostate before vesicles") \
X(RESPONSE_NECK_S, "response_neck_s", "s", 0.35, 0.05, 5, FIXED, 0, "phys-semen-fractions", "the neck closes before semen arrives; the value itself is assumed") \
X(RESPONSE_VESICLE_S, "response_vesicle_s", "s", 0.8, 0.05, 5, FIXED, 0, "phys-semen-fractions", "two such delays in a row make the vesicles last") \
X(NERVE_LEFT, "nerve_left", "1", 1, 0, 1, FIXED, 0, "phys-ipsilateral-emission phys-innervation-levels", "intact share of the left sympathetic supply of the glands") \
X(NERVE_RIGHT, "nerve_right", "1", 1, 0, 1, FIXED, 0, "phys-ipsilateral-emission phys-innervation-levels", "intact share of the right sympathetic supply of the glands") \
X(NERVE_NECK, "nerve_neck", "1", 1, 0, 1, FIXED, 0, "phys-innervation-levels", "intact share of the sympathetic supply of the bladder neck") \
X(ADRENERGIC_GAIN, "adrenergic_gain", "1", 6, 1, 40, LOGNORMAL, 0.5, "pharm-tamsulosin-volume-hisasue pharm-silodosin-8-kobayashi", "noradrenaline over its half-effect at full drive; fitted to the volumes under blockers") \
X(NONADRENERGIC_SHARE, "nonadrenergic_share", "1", 0.05, 0, 0.5, FIXED, 0, "pharm-silodosin-8-kobayashi", "what a full blockade leaves is too little to emit") \
X(RECEPTOR_OCCUPANCY, "receptor_occupancy", "1", 0, 0, 1, FIXED, 0, "pharm-receptor-occupancy-theory", "share of alpha-1A receptors held by an antagonist; none without a medicine") \
X(TRANSMITTER_GAIN, "transmitter_gain", "1", 0, 0, 5, FIXED, 0, "assumption", "extra transmitter at the nerve endings, over the normal amount; none without a medicine") \
X(AGONIST_DIRECT, "agonist_direct", "1", 0, 0, 1, FIXED, 0, "assumption", "direct agonist, in units of full nerve drive; none without a medicine") \
/* glands */ \
X(GLAND_SIZE, "gland_size", "1", 1, 0.2, 6, LOGNORMAL, 0.40, "phys-semen-volume-distribution", "factor shared by vesicles and prostate; gives the spread of volumes") \
X(VESICLE_FACTOR, "vesicle_factor", "1", 1, 0.01, 4, LOGNORMAL, 0.2, "phys-prostate-sv-mri-volume", "secretory mass of the vesicles") \
X(PROSTATE_FACTOR, "prostate_factor", "1", 1, 0.01, 4, LOGNORMAL, 0.2, "phys-prostate-sv-mri-volume", "secretory mass of the prostate") \
X(VESICLE_LEFT_ML, "vesicle_left_ml", "mL", 2.15, 0.1, 10, FIXED, 0, "phys-prostate-sv-mri-volume", "lumen; with wall 3.23 mL a side") \
X(VESICLE_RIGHT_ML, "vesicle_right_ml", "mL", 2.15, 0.1, 10, FIXED, 0, "phys-prostate-sv-mri-volume", "lumen; with wall 3.23 mL a side") \
X(VESICLE_MIN_ML, "vesicle_min_ml", "mL", 0.5, 0.05, 2, FIXED, 0, "phys-sv-contraction-mri", "set so that the vesicles lose about 0.4 of their volume") \
X(VESICLE_HALF_ML, "vesicle_half_ml", "mL", 1.4, 0.1, 5, FIXED, 0, "phys-sv-contraction-mri", "filling at which active pressure is half; set with vesicle_min_ml") \
X(VESICLE_WALL_ML, "vesicle_wall_ml", "mL", 1.08, 0, 5, FIXED, 0, "phys-prostate-sv-mri-volume", "wall a side, counted by imaging") \
X(VESICLE_PRESSURE_CMH2O, "vesicle_pressure_cmh2o", "cmH2O", 150, 0, 400, FIXED, 0, "assumption", "must exceed an opening pressure of 33, and 116 only when distended") \
X(VESICLE_DISTENSION_ML, "vesicle_distension_ml", "mL", 2.6, 0.5, 10, FIXED, 0, "assumption", "lumen above which the wall stretches; a little above rest") \
X(VESICLE_STIFFNESS, "vesicle_stiffness", "cmH2O/mL", 8, 0, 50, FIXED, 0, "assumption", "keeps a blocked, distended vesicle near the manometric pressure") \
X(VESICLE_LEFT_SPERM, "vesicle_left_sperm", "million/mL", 0, 0, 500, FIXED, 0, "phys-sv-in-edo", "sperm reflux into a vesicle only when it is blocked") \
X(VESICLE_RIGHT_SPERM, "vesicle_right_sperm", "million/mL", 0, 0, 500, FIXED, 0, "phys-sv-in-edo", "sperm reflux into a vesicle only when it is blocked") \
X(VAS_LEFT_ML, "vas_left_ml", "mL", 0.22, 0.07, 2, FIXED, 0, "phys-semen-fractions", "ampulla and distal vas; the share is known, the absolute volume assumed") \
X(VAS_RIGHT_ML, "vas_right_ml", "mL", 0.22, 0.07, 2, FIXED, 0, "phys-semen-fractions", "ampulla and distal vas; the share is known, the absolute volume assumed") \
X(VAS_MIN_ML, "vas_min_ml", "mL", 0.07, 0.05, 1, FIXED, 0, "assumption", "what the ampulla keeps") \
X(VAS_HALF_ML, "vas_half_ml", "mL", 0.10, 0.02, 1, FIXED, 0, "assumption", "filling at which active pressure is half") \
X(VAS_PRESSURE_CMH2O, "vas_pressure_cmh2o", "cmH2O", 200, 0, 500, FIXED, 0, "assumption", "thick muscle, above the vesicles") \
X(VAS_SPERM, "vas_sperm", "million/mL", 980, 0, 20000, CUBE, 0.268, "phys-total-sperm-distribution", "set so that forward sperm, after what stays in the urethra, has the published centiles") \
X(PROSTATE_ML, "prostate_ml", "mL", 1.5, 0.1, 10, FIXED, 0, "phys-semen-fractions", "fluid, not tissue; the share is known, the absolute volume assumed") \
X(PROSTATE_MIN_ML, "prostate_min_ml", "mL", 0.3, 0.05, 2, FIXED, 0, "assumption", "what the ducts keep") \
X(PROSTATE_HALF_ML, "prostate_half_ml", "mL", 0.8, 0.1, 5, FIXED, 0, "assumption", "filling at which active pressure is half") \
X(PROSTATE_PRESSURE_CMH2O, "prostate_pressure_cmh2o", "cmH2O", 120, 0, 400, FIXED, 0, "assumption", "below the vesicles; sets share and order") \
X(PROSTATE_OPENING_CMH2O, "prostate_opening_cmh2o", "cmH2O", 25, 5, 200, FIXED, 0, "assumption", "its many short ducts open a little before the ejaculatory ducts") \
X(PROSTATE_RESISTANCE, "prostate_resistance", "cmH2O s/mL", 45, 5, 2000, FIXED, 0, "phys-semen-fractions", "sets the order of the fractions") \
X(COWPER_ML, "cowper_ml", "mL", 0.12, 0.005, 1, LOGNORMAL, 0.4, "phys-semen-fractions", "pre-ejaculate lying in the anterior urethra; the absolute volume is assumed") \
/* ejaculatory ducts */ \
X(DUCT_LEFT, "duct_left", "1", 1, 0, 1, FIXED, 0, "phys-ejaculatory-duct-opening-pressure", "patency: 1 open, 0 blocked") \
X(DUCT_RIGHT, "duct_right", "1", 1, 0, 1, FIXED, 0, "phys-ejaculatory-duct-opening-pressure", "patency: 1 open, 0 blocked") \
X(DUCT_OPENING_CMH2O, "duct_opening_cmh2o", "cmH2O", 33, 5, 200, FIXED, 0, "phys-ejaculatory-duct-opening-pressure", "manometry, fertile men") \
X(DUCT_BLOCKED_CMH2O, "duct_blocked_cmh2o", "cmH2O", 116, 5, 400, FIXED, 0, "phys-ejaculatory-duct-opening-pressure", "manometry, suspected obstruction") \
X(VESICLE_RESISTANCE, "vesicle_resistance", "cmH2O s/mL", 60, 5, 2000, FIXED, 0, "phys-ejaculatory-duct-dimensions phys-semen-viscosity", "Poiseuille, 15 mm by 1.15 mm at about 17 cP (fresh fluid, assumed)") \
X(VAS_RESISTANCE, "vas_resistance", "cmH2O s/mL", 330, 20, 5000, FIXED, 0, "assumption", "sets how long sperm take to leave the ampulla") \
/* urethra and bladder */ \
X(PU_REST_ML, "pu_rest_ml", "mL", 0.20, 0.1, 1, FIXED, 0, "assumption", "collapsed prostatic and membranous urethra, about 4 cm") \
X(PU_COMPLIANCE, "pu_compliance", "mL/cmH2O", 0.06, 0.02, 0.5, FIXED, 0, "phys-urethral-calibre phys-distal-constriction", "0.05 to 0.2 fits calibre and wall elasticity") \
X(PU_STRETCH_ML, "pu_stretch_ml", "mL", 1.8, 0.5, 5, FIXED, 0, "phys-urethral-calibre", "4 cm at 32 French is about 3 mL when fully stretched") \
X(PU_STIFFNESS, "pu_stiffness", "cmH2O/mL2", 60, 0, 200, FIXED, 0, "assumption", "wall beyond pu_stretch_ml") \
X(PU_MIN_ML, "pu_min_ml", "mL", 0.08, 0.06, 0.5, FIXED, 0, "assumption", "what a squeeze cannot empty") \
X(PU_HALF_ML, "pu_half_ml", "mL", 0.40, 0.3, 2, FIXED, 0, "assumption", "filling at which the squeeze is half") \
X(PU_SQUEEZE_CMH2O, "pu_squeeze_cmh2o", "cmH2O", 240, 0, 500, FIXED, 0, "phys-ejaculation-distance", "set by the speed of the spurt") \
X(AU_REST_ML, "au_rest_ml", "mL", 0.25, 0.12, 2, FIXED, 0, "phys-urethral-segments", "collapsed spongy urethra, 15 cm") \
X(AU_COMPLIANCE, "au_compliance", "mL/cmH2O", 0.12, 0.05, 1, FIXED, 0, "phys-urethral-calibre phys-distal-constriction", "0.05 to 0.2 fits calibre and wall elasticity") \
X(AU_STRETCH_ML, "au_stretch_ml", "mL", 2.5, 0.5, 10, FIXED, 0, "phys-urethral-calibre", "bulb 30 to 32 French") \
X(AU_STIFFNESS, "au_stiffness", "cmH2O/mL2", 20, 0, 200, FIXED, 0, "assumption", "wall beyond au_stretch_ml") \
X(AU_MIN_ML, "au_min_ml", "mL", 0.12, 0.06, 0.5, FIXED, 0, "assumption", "what a squeeze cannot empty") \
X(AU_HALF_ML, "au_half_ml", "mL", 0.25, 0.2, 2, FIXED, 0, "assumption", "filling at which the squeeze is half") \
X(AU_SQUEEZE_CMH2O, "au_squeeze_cmh2o", "cmH2O", 260, 0, 500, FIXED, 0, "phys-ejaculation-distance", "set by the speed of the spurt") \
X(AU_URINE_ML, "au_urine_ml", "mL", 0.13, 0.01, 1, FIXED, 0, "phys-peu-urethral-washout", "urine of the last void left in the urethra; the amount is assumed") \
X(FILM_ML, "film_ml", "mL", 0.25, 0.03, 1.5, LOGNORMAL, 0.6, "phys-peu-sperm-fertile", "semen wetting the wall; fits the share of sperm washed out by urine") \
X(FILM_RATE, "film_rate", "1/s", 6, 0, 20, FIXED, 0, "assumption", "the wall is wetted within the first bursts") \
X(BLADDER_ML, "bladder_ml", "mL", 80, 20, 300, UNIFORM, 0, "assumption", "urine held at orgasm: anything between an empty and a comfortably full bladder") \
X(BLADDER_CMH2O, "bladder_cmh2o", "cmH2O", 10, 0, 60, FIXED, 0, "phys-bladder-filling-pressure", "filling 6 and abdomen 4 above the neck") \
X(BLADDER_COMPLIANCE, "bladder_compliance", "mL/cmH2O", 50, 5, 200, FIXED, 0, "phys-bladder-compliance", "just above the lower limits of normal") \
/* bladder neck */ \
X(NECK_STRENGTH, "neck_strength", "1", 1, 0, 3, LOGNORMAL, 0.30, "assumption", "share of working muscle at the bladder neck; the spread is assumed") \
X(VERU_STRENGTH, "veru_strength", "1", 1, 0, 3, LOGNORMAL, 0.30, "phys-pressure-chamber-disputed", "share of working muscle around the verumontanum; the spread is assumed") \
X(VERU_WEIGHT, "veru_weight", "1", 0.3, 0, 1, FIXED, 0, "phys-pressure-chamber-disputed phys-tuip-ejaculation", "its share of the closing force; the value is assumed") \
X(NECK_PASSIVE_CMH2O, "neck_passive_cmh2o", "cmH2O", 25, 0, 100, FIXED, 0, "phys-male-mucp", "plateau of the resting profile, 20 to 40") \
X(NECK_ACTIVE_CMH2O, "neck_active_cmh2o", "cmH2O", 400, 0, 800, FIXED, 0, "phys-bladder-neck-pressure-ejaculation", "with passive and reflex parts a peak of 400 to 500") \
X(NECK_REFLEX_CMH2O, "neck_reflex_cmh2o", "cmH2O", 80, 0, 400, FIXED, 0, "phys-cavernoso-urethral-reflex", "rises with each contraction; the size is assumed") \
X(NECK_BULK_CMH2O, "neck_bulk_cmh2o", "cmH2O", 0, 0, 200, FIXED, 0, "assumption", "closure added by an injected bulking agent; none without it") \
X(NECK_R1, "neck_r1", "cmH2O s/mL", 1.5, 1, 100, FIXED, 0, "phys-bladder-neck-diameter-voiding", "wide and short when open") \
X(NECK_R2, "neck_r2", "cmH2O s2/mL2", 0.06, 0, 10, FIXED, 0, "phys-bladder-neck-diameter-voiding", "half the density over the squared area, 3.6 mm across while collapsed walls part") \
/* external sphincter and outlet */ \
X(SPHINCTER_CMH2O, "sphincter_cmh2o", "cmH2O", 90, 0, 300, FIXED, 0, "phys-male-mucp", "closure at rest, 60 to 100") \
X(SPHINCTER_RELAX, "sphincter_relax", "1", 0.93, 0, 1, FIXED, 0, "phys-external-sphincter-relaxes-in-expulsion", "it opens in expulsion; the share is assumed") \
X(SPHINCTER_REFLEX_CMH2O, "sphincter_reflex_cmh2o", "cmH2O", 80, 0, 400, FIXED, 0, "phys-cavernoso-urethral-reflex", "rises with each contraction; the size is assumed") \
X(SPHINCTER_R1, "sphincter_r1", "cmH2O s/mL", 2.5, 1, 100, FIXED, 0, "assumption", "narrower than the neck when open") \
X(SPHINCTER_R2, "sphincter_r2", "cmH2O s2/mL2", 0.06, 0, 10, FIXED, 0, "phys-urethral-calibre", "the calibre in flow is assumed") \
X(MEATUS_CMH2O, "meatus_cmh2o", "cmH2O", 15, 0, 100, FIXED, 0, "phys-distal-constriction", "external pressure of the distal elastic tube, 18 +/- 3") \
X(MEATUS_R1, "meatus_r1", "cmH2O s/mL", 4, 1, 100, FIXED, 0, "phys-distal-constriction", "16 cm by 4 mm at 15 cP") \
X(MEATUS_R2, "meatus_r2", "cmH2O s2/mL2", 0.09, 0, 10, FIXED, 0, "phys-distal-constriction", "half the density over the squared area, losses included") \
X(MEATUS_AREA_CM2, "meatus_area_cm2", "cm2", 0.10, 0.01, 0.5, FIXED, 0, "phys-distal-constriction", "radius 0.16 to 0.18 cm") \
X(STRICTURE, "stricture", "1", 1, 1, 1000, FIXED, 0, "phys-distal-constriction", "factor on the resistance of the anterior urethra: (3.9 mm / diameter)^4") \
/* generator of contractions */ \
X(LATENCY_S, "latency_s", "s", 4, 0.5, 20, LOGNORMAL, 0.2, "assumption", "contractions start after this even when nothing was emitted") \
X(REFLEX_ML, "reflex_ml", "mL", 1, 0.4, 5, FIXED, 0, "phys-bulb-distension-reflex", "filling that starts contractions; 0.5 mL in the bulb itself") \
X(BURST_INTERVAL_S, "burst_interval_s", "s", 0.6, 0.3, 2, NORMAL, 0.08, "phys-orgasm-contractions-men", "first interval") \
X(BURST_INCREMENT_S, "burst_increment_s", "s", 0.1, 0, 0.5, FIXED, 0, "phys-orgasm-interval-increment phys-orgasm-contractions-men", "each interval is longer by this") \
X(BURST_COUNT, "burst_count", "1", 12, 1, 24, NORMAL, 3, "phys-orgasm-contractions-men", "10 to 15 contractions") \
X(BURST_DECAY, "burst_decay", "1", 5, 1, 50, FIXED, 0, "phys-orgasm-interval-masters-johnson", "contractions weaken after the first few; the rate is assumed") \
X(BURST_LAG, "burst_lag", "1", 0.22, 0, 0.5, FIXED, 0, "assumption", "bulb behind the posterior urethra, in parts of an interval: the squeeze travels forward") \
X(SQUEEZE, "squeeze", "1", 1, 0, 1.9, LOGNORMAL, 0.25, "phys-ejaculation-distance", "strength of a man's striated muscle; the spread is assumed") \
X(EXPULSION, "expulsion", "1", 1, 0, 1, FIXED, 0, "phys-innervation-levels", "intact share of the pudendal supply: 1 full, 0 absent")
/* clang-format on */

#endif
