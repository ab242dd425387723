// English words of the page. The Spanish ones have the same keys, or do not compile.
import type { Fact } from '../case'
import { dateText } from '../numbers'
import type { FactKind, Misunderstood } from '../types'

const kinds: Record<FactKind, string> = {
  age: 'age', 'partner-age': 'partner', wish: 'wish', onset: 'since', setting: 'seen at', anatomy: 'anatomy', none: '',
  tried: 'tried', medicine: 'medicine', operation: 'operation', condition: 'condition', symptom: 'symptom',
  sign: 'examination', test: 'test', date: '',
}

const cardKinds: Record<string, string> = {
  causes: 'Cause', findings: 'Finding', mechanisms: 'Mechanism', functions: 'Function', treatments: 'Treatment',
  tests: 'Test', ejaculate: 'Ejaculate', evidence: 'Published figure', flags: 'When to be seen', sources: 'Source of sperm',
}

export const en = {
  title: 'Antegrade: where the semen goes, and why',
  skip: 'Skip to the content',
  views: 'Views',
  interview: 'Answer questions',
  lookUp: 'Look up',
  reader: 'Written for',
  clinician: 'Clinician',
  patient: 'Patient',
  language: 'Language',
  clear: 'Clear',
  close: 'Close',
  isMale: 'His anatomy is male: read it',
  print: 'Print the report',
  keep: 'Print, save, share',
  downloads: { html: 'Save the report (HTML)', json: 'Save the report (JSON)', fhir: 'Save the report (FHIR)', case: 'Save the case file' },
  share: 'A link that holds this case',
  shareWarning: 'Whoever has the link can read all that is entered here, and so can the history of a browser that opens it. It is kept nowhere else.',
  makeLink: 'Make the link',
  copy: 'Copy',
  copied: 'Copied',
  onServer: 'On this server',
  onServerMeans: 'Kept here only if you save it, for whoever has the same access to this server, until it is deleted. Better without the name of the man.',
  saveName: 'What to call it',
  saveHere: 'Save on this server',
  saveChanges: 'Save the changes',
  saveAsNew: 'Save as a new case',
  isSaved: 'Saved',
  savedCases: 'Saved cases',
  noneSaved: 'No case is saved.',
  unnamed: 'without a name',
  deleteIt: 'Delete',
  deleteForGood: 'Delete for good?',
  deleteSaved: (name: string): string => `Delete ${name}`,
  deleteSure: (name: string): string => `Delete ${name} for good`,
  gone: 'The server does not answer.',
  goneMore: 'What you entered is kept here. The page goes on by itself once the server is back.',
  fromLink: 'This case came with the link and stands in the address.',
  clearAddress: 'Take it out of the address',

  known: 'What is known',
  placeholder: 'Any words: medicines, symptoms …',
  suggestions: 'Suggestions',
  add: 'Add',
  kinds,
  didYouMean: 'Did you mean:',
  misunderstood: (part: Misunderstood): string => {
    const near = part.nearest.length > 0 ? ` Did you mean ${part.nearest.map((n) => `“${n}”`).join(', ')}?` : ''
    switch (part.reason) {
      case 'unknown': return `“${part.text}” is not known.${near}`
      case 'diagnosis': return `“${part.text}” is a diagnosis, which is judged anew from the findings.`
      default: return `“${part.text}”: ${part.message}.${near}`
    }
  },
  factText: (fact: Fact): string => {
    switch (fact.kind) {
      case 'age': return `${Math.floor(Number(fact.entry.age))} years old`
      case 'partner-age': return `partner ${Math.floor(Number(fact.entry.partner_age))} years old`
      case 'wish': return { child: 'wants a child', relief: 'wants relief', answers: 'wants answers' }[String(fact.entry.wants)] ?? fact.text
      case 'date': return `as of ${fact.text}`
      case 'onset': return /^(since|for|from|lifelong|always)/i.test(fact.text) ? `complaint ${fact.text}` : `complaint since ${dateText(fact.text, 'en')}`
      default: return fact.text
    }
  },
  groups: {
    person: 'About him', medicines: 'Medicines', operations: 'Operations', conditions: 'Conditions',
    symptoms: 'Symptoms', exam: 'Examination', tests: 'Tests', tried: 'Treatments tried',
  },
  complete: { medicines: 'no others: the list is complete', operations: 'no others: the list is complete' },
  stop: 'stop?',
  stopMore: 'Show what would change without it',
  remove: (what: string): string => `Remove ${what}`,
  endedBy: (since: string | null, by: string): string => (since ? `since ${since}, ended by ${by}` : `ended by ${by}`),
  fromTo: (since: string | null, until: string | null): string =>
    since && until ? `${since} to ${until}` : since ? `since ${since}` : until ? `until ${until}` : '',
  notUsed: (n: number): string => (n === 1 ? '1 entry is not used' : `${n} entries are not used`),

  tract: 'Where the semen goes',
  usual: 'As it usually is',
  organs: {
    bladder: 'bladder', vas: 'sperm duct', neck: 'bladder neck', vesicle: 'seminal vesicle', prostate: 'prostate',
    duct: 'ejaculatory duct', sphincter: 'sphincter', 
    urethra: 'urethra', testis: 'testis',
  },
  flows: { emission: 'from the glands', forward: 'forward', backward: 'into the bladder', held: 'held in the urethra', none: 'nothing, or only a drop' },
  little: '(little)',
  curves: 'Pressures and flows over 20 seconds',
  curvesMore: 'Computed for a typical man with the causes that are entered.',

  answer: 'The answer',
  thinking: 'Working it out …',
  planning: 'Working out tests and options …',
  mostLikely: 'Most likely',
  evidence: 'Show the evidence',
  under1: 'under 1 %',
  over99: 'over 99 %',
  hardlyAny: 'under 1 of 100',
  nearlyAll: 'nearly all',
  of: (n: number, all: number): string => `${n} of ${all}`,
  or: ' or ',
  anythingElse: (p: string): string => `anything else: ${p.startsWith('under') ? p : `at most ${p}`} each`,
  unresolved: 'Not separated',
  samePlan: 'The plan is the same meanwhile.',
  also: 'Also',
  because: 'Because of',
  notRecorded: 'not recorded',
  without: (p: string, range: string): string => `without it, the leading mechanism: ${p} (${range})`,
  speaksFor: 'What speaks for it',
  doesNotFit: 'What does not fit',
  nothing: 'nothing that is known',
  notKnownYet: 'Not known yet',
  seeWhom: 'See whom, how soon',
  urgency: { 'same-day': 'Today', urgent: 'Soon', soon: 'Worth knowing' },
  next: 'Next',
  noFurtherTest: 'No further test is worth its burden.',
  result: 'Result',
  expected: 'Expected',
  thenLikely: 'Then most likely',
  then: 'After that:',
  doctorsOffer: 'What doctors can offer',
  askWhich: 'Ask which of these suits you. It depends on your heart, your other medicines and your wishes.',
  options: 'What helps',
  odds: { semen: 'semen comes forward', sperm: 'sperm can be had' },
  within: (time: string): string => `within ${time}`,
  harms: 'Possible harms',
  publishedUse: 'Published use',
  whatIf: 'What if',
  tryIt: 'what if?',
  effects: { refused: 'refused: ', first: 'not yet: ' } as Record<string, string>,
  before: 'now',
  after: 'then',
  undo: 'Undo',
  moreOptions: (n: number): string => `${n} more`,
  refused: (n: number): string => `${n} not for him, and why`,
  child: 'A child',
  methods: { natural: 'without help', insemination: 'insemination', ivf: 'IVF', icsi: 'ICSI' },
  tries: (n: number, method: string): string => (method === 'natural' ? (n === 1 ? 'in a year' : `in ${n} years`) : `in ${n} cycles`),
  days: (n: number): string => (n === 1 ? 'a day' : `${n} days`),
  weeks: (n: number): string => `${n} weeks`,
  months: (n: number): string => `${n} months`,
  leaflet: 'The leaflet in plain words',
  whenAtOnce: 'When to see a doctor at once',
  knowledge: (version: string, sources: number): string => `Knowledge ${version}. This answer rests on ${sources} published sources.`,
  intervalMeans: 'In brackets: nine times out of ten the true value is expected there.',
  movedBy: 'What moves it',
  sources: 'Published figures',
  noSources: 'No published figure of its own: it follows from the others.',
  elsewhere: 'opens another site',

  welcome: 'Little or no semen: where does it go, and why?',
  welcomeMore: 'It is common, and in itself harmless. Enter what is known, in any words; the answer changes as you type.',
  typeIt: 'Type it.',
  typeItMore: 'For example:',
  examples: [
    '62, tamsulosin 0.4 mg since March, dry orgasm',
    '52, TURP 2025, cloudy urine, wants a child',
    '34, semen volume 0.8 mL, vas not palpable',
  ],
  beAsked: 'Or be asked.',
  beAskedMore: 'A few questions, the most telling first.',
  start: 'Begin',
  dropIt: 'Or drop a record',
  dropItMore: 'on this page: FHIR, or a case file.',
  openFile: 'Open a file',
  dropHere: 'Drop the record here',
  privacy: 'Nothing is stored and nothing leaves for another place. Decision support, not a diagnosis.',

  yes: 'yes',
  no: 'no',
  answerHint: { number: 'a number', time: 'such as: 3 months ago', list: 'names with commas between, or none' },
  goOn: 'Go on',
  noneOfThese: 'None of these',
  questionNumber: (n: number): string => `Question ${n}`,
  whyAsked: 'Why is this asked?',
  back: 'Back',
  dontKnow: 'I don’t know',
  enough: 'Enough: to the last question',
  interviewDone: 'That is enough to go by.',
  showAnswer: 'Show the answer',

  cardKinds,
  addToCase: 'Add to what is known',
  alsoCalled: 'Also called:',
  codes: 'Codes',
  figures: (n: number): string => (n === 1 ? 'The published figure behind it' : `The ${n} published figures behind it`),
  lookUpMore: 'A medicine, operation, condition, symptom or test, by any name or code',
  lookUpHint: 'tamsulosin, dry climax, N53.14 …',
  noMatch: 'Nothing by that name.',
  leaflets: 'Leaflets in plain words',
}

export type Words = typeof en
