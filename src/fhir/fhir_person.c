/* The person: sex, age, death. `gender` is administrative; anatomy stated by the caller prevails.
 */
#include "fhir_person.h"

#include <math.h>
#include <string.h>

#include "dates.h"
#include "digest.h"
#include "fhir_facts.h"

enum { ADULT = 18, OLDEST = 130 };

static const char STATE_IT[] = "State it (--anatomy male) where his anatomy is male";

static ag_status find_person(const ag_fhir_record *record, const ag_fhir_entry **out,
                             ag_error *error) {
    int count = 0;
    *out = NULL;
    for (int i = 0; i < record->count; i++) {
        const ag_fhir_entry *entry = &record->entries[i];
        if (strcmp(entry->type, "Patient") != 0 || entry->replaced)
            continue;
        if (*out == NULL)
            *out = entry;
        count++;
    }
    if (count > 1)
        return ag_fail(error, AG_ERROR_UNSUPPORTED,
                       "the record holds %d patients; give one at a time", count);
    return AG_OK;
}

/* The sex recorded at birth, as US Core writes it ("M", "F"); NULL when not recorded. */
static const char *birth_sex(const ag_json_value *patient) {
    static const char url[] = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex";
    const ag_json_value *extension = ag_json_items(ag_json_get(patient, "extension"));
    for (; extension != NULL; extension = extension->next)
        if (ag_json_is(ag_json_get(extension, "url"), url))
            return ag_json_get_text(extension, "valueCode");
    return NULL;
}

static ag_fhir_sex sex_of(const ag_json_value *patient) {
    const char *gender = ag_json_get_text(patient, "gender");
    const char *birth = birth_sex(patient);
    bool born_male = birth != NULL && strcmp(birth, "M") == 0;
    bool born_female = birth != NULL && strcmp(birth, "F") == 0;
    if (gender != NULL && strcmp(gender, "male") == 0)
        return born_female ? AG_FHIR_BORN_FEMALE : AG_FHIR_MALE;
    if (gender != NULL && strcmp(gender, "female") == 0)
        return born_male ? AG_FHIR_BORN_MALE : AG_FHIR_FEMALE;
    if (born_male)
        return AG_FHIR_MALE;
    return gender == NULL ? AG_FHIR_NO_SEX : AG_FHIR_OTHER_SEX;
}

ag_fhir_person ag_fhir_person_of(const ag_json_value *resource) {
    const ag_json_value *born = ag_json_get(resource, "birthDate");
    ag_fhir_time birth = ag_fhir_read_date(born);
    ag_fhir_person person = {.sex = sex_of(resource),
                             .died = ag_json_get_text(resource, "deceasedDateTime"),
                             .birth_given = born != NULL,
                             .birth_read = birth.given,
                             .birth = birth.days};
    person.dead = person.died != NULL || ag_json_is_true(resource, "deceasedBoolean");
    return person;
}

uint64_t ag_fhir_person_digest(const ag_fhir_person *person) {
    unsigned flags = (unsigned)person->birth_given << 2 | (unsigned)person->birth_read << 1 |
                     (unsigned)person->dead;
    uint64_t birth = (uint64_t)(uint32_t)person->birth.first << 32 | (uint32_t)person->birth.last;
    return ag_digest_number(ag_digest_number((uint64_t)person->sex << 3 | flags, birth), 0);
}

static ag_status check_sex(const ag_fhir_person *person, ag_error *error) {
    static const char *const why[] = {
        [AG_FHIR_BORN_FEMALE] = "only people with male anatomy are assessed, and this man's sex at "
                                "birth is recorded as female",
        [AG_FHIR_FEMALE] =
            "only people with male anatomy are assessed; the record gives the sex as female",
        [AG_FHIR_BORN_MALE] = "only people with male anatomy are assessed; the record gives the "
                              "sex as female and the sex at birth as male",
        [AG_FHIR_NO_SEX] =
            "the record does not give the sex, and only people with male anatomy are assessed",
        [AG_FHIR_OTHER_SEX] = "the record gives the sex as other or unknown, and only people with "
                              "male anatomy are assessed"};
    if (person->sex == AG_FHIR_MALE)
        return AG_OK;
    return ag_fail_at(error, AG_ERROR_DECLINED, person->line, 0, "%s. %s", why[person->sex],
                      STATE_IT);
}

static ag_status check_alive(const ag_fhir_person *person, ag_error *error) {
    if (person->died != NULL)
        return ag_fail_at(error, AG_ERROR_DECLINED, person->line, 0,
                          "he died (%.10s); the dead are not assessed", person->died);
    if (person->dead)
        return ag_fail_at(error, AG_ERROR_DECLINED, person->line, 0,
                          "he has died; the dead are not assessed");
    return AG_OK;
}

static ag_status check_birth(const ag_fhir_person *person, ag_patient *patient, ag_error *error) {
    if (!person->birth_given)
        return AG_OK;
    ag_days born = person->birth;
    double oldest = ((double)patient->as_of - born.first) / AG_DAYS_PER_YEAR;
    if (!person->birth_read || born.first > patient->as_of || oldest > OLDEST)
        return ag_fail_at(error, AG_ERROR_VALUE, person->line, 0,
                          "the birthDate is no date, or impossible on the day of the assessment. "
                          "Write it like 1970-03-15");
    int year, month, day, birth_year, birth_month, birth_day;
    ag_day_split(patient->as_of, &year, &month, &day);
    ag_day_split(born.last, &birth_year, &birth_month, &birth_day);
    int years = year - birth_year;
    years -= month < birth_month || (month == birth_month && day < birth_day);
    patient->birth = born;
    patient->age_years = born.first == born.last ? years : floor(0.5 * (years + floor(oldest)));
    if (years >= ADULT)
        return AG_OK;
    return ag_fail_at(error, AG_ERROR_DECLINED, person->line, 0,
                      oldest < ADULT ? "he is under %d; only adults are assessed"
                                     : "he may be under %d (the birthDate is not exact); only "
                                       "adults are assessed",
                      ADULT);
}

ag_status ag_fhir_person_check(const ag_fhir_person *person, bool male_anatomy, ag_patient *patient,
                               ag_error *error) {
    ag_status status = male_anatomy ? AG_OK : check_sex(person, error);
    if (status == AG_OK)
        status = check_alive(person, error);
    return status == AG_OK ? check_birth(person, patient, error) : status;
}

ag_status ag_fhir_person_find(const ag_fhir_record *record, bool male_anatomy, ag_patient *patient,
                              const ag_fhir_entry **out, ag_error *error) {
    ag_status status = find_person(record, out, error);
    if (status != AG_OK)
        return status;
    if (*out == NULL)
        return male_anatomy ? AG_OK
                            : ag_fail(error, AG_ERROR_DECLINED,
                                      "the record holds no Patient, so the sex is not known, and "
                                      "only people with male anatomy are assessed. %s",
                                      STATE_IT);
    if ((*out)->id != NULL)
        patient->label = ag_patient_text(patient, (*out)->id);
    if (patient->label == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    ag_fhir_person person = ag_fhir_person_of((*out)->resource);
    person.line = (*out)->line;
    return ag_fhir_person_check(&person, male_anatomy, patient, error);
}
