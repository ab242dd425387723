import { dateText } from '../numbers'
import type { Words } from './en'

export const es: Words = {
  title: 'Antegrade: adónde va el semen, y por qué',
  skip: 'Ir al contenido',
  views: 'Vistas',
  interview: 'Responder preguntas',
  lookUp: 'Consultar',
  reader: 'Escrito para',
  clinician: 'Profesional',
  patient: 'Paciente',
  language: 'Idioma',
  clear: 'Borrar',
  close: 'Cerrar',
  print: 'Imprimir el informe',
  keep: 'Imprimir, guardar',
  downloads: { html: 'Guardar el informe (HTML)', json: 'Guardar el informe (JSON)', fhir: 'Guardar el informe (FHIR)', case: 'Guardar el archivo del caso' },
  share: 'Un enlace que contiene este caso',
  shareWarning: 'Quien tenga el enlace puede leer todo lo anotado aquí, y también el historial del navegador que lo abra. No se guarda en ningún otro sitio.',
  makeLink: 'Crear el enlace',
  copy: 'Copiar',
  copied: 'Copiado',
  gone: 'El servidor no responde.',
  goneMore: 'Lo que anotó se conserva aquí. La página sigue por sí sola cuando el servidor vuelva.',
  fromLink: 'Este caso vino con el enlace y está en la dirección.',
  clearAddress: 'Quitarlo de la dirección',

  known: 'Lo que se sabe',
  placeholder: 'Con cualquier palabra …',
  suggestions: 'Sugerencias',
  add: 'Añadir',
  kinds: {
    age: 'edad', 'partner-age': 'pareja', wish: 'deseo', onset: 'desde', setting: 'atendido en', anatomy: 'anatomía', none: '',
    tried: 'probado', medicine: 'medicamento', operation: 'operación', condition: 'enfermedad', symptom: 'síntoma',
    sign: 'exploración', test: 'prueba', date: '',
  },
  didYouMean: 'Quiso decir:',
  misunderstood: (part) => {
    const near = part.nearest.length > 0 ? ` ¿Quiso decir ${part.nearest.map((n) => `«${n}»`).join(', ')}?` : ''
    switch (part.reason) {
      case 'unknown': return `«${part.text}» no se conoce.${near}`
      case 'diagnosis': return `«${part.text}» es un diagnóstico, que se juzga de nuevo a partir de los hallazgos.`
      case 'words': return `«${part.text}»: hay palabras que pueden cambiar el sentido; escriba solo el nombre.${near}`
      case 'unused': return `«${part.text}»: no se usa (${part.message}).`
      case 'unclear': return `«${part.text}»: ¿una edad o un tiempo? Escriba «edad …» o «desde hace …».`
      default: return `«${part.text}»: ${part.message}.${near}`
    }
  },
  factText: (fact) => {
    switch (fact.kind) {
      case 'age': return `${Math.floor(Number(fact.entry.age))} años`
      case 'partner-age': return `pareja de ${Math.floor(Number(fact.entry.partner_age))} años`
      case 'wish': return { child: 'desea un hijo', relief: 'desea alivio', answers: 'desea respuestas' }[String(fact.entry.wants)] ?? fact.text
      case 'date': return `a fecha de ${fact.text}`
      case 'onset': return /^\d/.test(fact.text) ? `molestia desde ${dateText(fact.text, 'es')}` : `molestia: ${fact.text === 'lifelong' ? 'de siempre' : fact.text}`
      default: return fact.text
    }
  },
  groups: {
    person: 'Sobre él', medicines: 'Medicamentos', operations: 'Operaciones', conditions: 'Enfermedades',
    symptoms: 'Síntomas', exam: 'Exploración', tests: 'Pruebas', tried: 'Tratamientos probados',
  },
  complete: { medicines: 'ninguno más: la lista está completa', operations: 'ninguna más: la lista está completa' },
  stop: '¿sin él?',
  stopMore: 'Ver qué cambiaría sin este medicamento',
  remove: (what) => `Quitar ${what}`,
  fromTo: (since, until) =>
    since && until ? `de ${since} a ${until}` : since ? `desde ${since}` : until ? `hasta ${until}` : '',
  notUsed: (n) => (n === 1 ? '1 dato no se usa' : `${n} datos no se usan`),

  tract: 'Adónde va el semen',
  usual: 'Como suele ser',
  organs: {
    bladder: 'vejiga', vas: 'deferente', neck: 'cuello vesical', vesicle: 'vesícula seminal', prostate: 'próstata',
    duct: 'conducto eyaculador', sphincter: 'esfínter', 
    urethra: 'uretra', testis: 'testículo',
  },
  flows: { emission: 'de las glándulas', forward: 'hacia delante', backward: 'a la vejiga', held: 'retenido en la uretra', none: 'nada, o solo una gota' },
  little: '(poco)',
  curves: 'Presiones y flujos en 20 segundos',
  curvesMore: 'Calculado para un hombre típico con las causas anotadas.',

  answer: 'La respuesta',
  thinking: 'Calculando …',
  planning: 'Calculando pruebas y opciones …',
  mostLikely: 'Lo más probable',
  evidence: 'Ver las pruebas',
  under1: 'menos de 1 %',
  over99: 'más de 99 %',
  hardlyAny: 'menos de 1 de 100',
  nearlyAll: 'casi todos',
  of: (n, all) => `${n} de ${all}`,
  or: ' o ',
  anythingElse: (p) => `cualquier otra cosa: ${p.startsWith('menos') ? p : `como mucho ${p}`} cada una`,
  unresolved: 'Sin separar',
  samePlan: 'Mientras tanto, el plan es el mismo.',
  because: 'A causa de',
  notRecorded: 'no consta',
  without: (p, range) => `sin ello, el mecanismo principal: ${p} (${range})`,
  speaksFor: 'Lo que habla a favor',
  doesNotFit: 'Lo que no encaja',
  nothing: 'nada de lo que se sabe',
  notKnownYet: 'Aún no se sabe',
  seeWhom: 'A quién acudir y cuándo',
  urgency: { 'same-day': 'Hoy', urgent: 'Pronto', soon: 'Conviene saber' },
  next: 'Lo siguiente',
  noFurtherTest: 'Ninguna prueba más compensa su carga.',
  result: 'Resultado',
  expected: 'Se espera',
  thenLikely: 'Entonces, lo más probable',
  then: 'Después:',
  doctorsOffer: 'Lo que pueden ofrecer los médicos',
  askWhich: 'Pregunte cuál le va bien a usted. Depende de su corazón, de sus otras medicinas y de lo que desea.',
  options: 'Lo que ayuda',
  odds: { semen: 'sale semen', sperm: 'hay espermatozoides' },
  within: (time) => `en ${time}`,
  harms: 'Posibles daños',
  publishedUse: 'Uso publicado',
  whatIf: 'Y si',
  tryIt: '¿y si?',
  before: 'ahora',
  after: 'entonces',
  undo: 'Deshacer',
  moreOptions: (n) => `${n} más`,
  refused: (n) => `${n} no indicadas, y por qué`,
  child: 'Un hijo',
  methods: { natural: 'sin ayuda', insemination: 'inseminación', ivf: 'FIV', icsi: 'ICSI' },
  tries: (n, method) => (method === 'natural' ? (n === 1 ? 'en un año' : `en ${n} años`) : `en ${n} ciclos`),
  days: (n) => (n === 1 ? 'un día' : `${n} días`),
  weeks: (n) => `${n} semanas`,
  months: (n) => `${n} meses`,
  leaflet: 'El folleto en palabras sencillas',
  whenAtOnce: 'Cuándo acudir al médico enseguida',
  knowledge: (version, sources) => `Conocimiento ${version}. Esta respuesta se apoya en ${sources} fuentes publicadas.`,
  intervalMeans: 'Entre paréntesis: nueve de cada diez veces se espera ahí el valor verdadero.',
  movedBy: 'Lo que lo mueve',
  sources: 'Datos publicados',
  noSources: 'Sin dato publicado propio: se deduce de los demás.',
  elsewhere: 'abre otro sitio',

  welcome: 'Poco o nada de semen: ¿adónde va, y por qué?',
  welcomeMore: 'Es frecuente y en sí inofensivo. Anote lo que se sabe, con cualquier palabra; la respuesta cambia mientras escribe.',
  typeIt: 'Escríbalo.',
  typeItMore: 'Por ejemplo:',
  examples: [
    '62 años, tamsulosina 0,4 mg desde marzo, orgasmo seco',
    '52 años, RTU de próstata 2025, orina turbia, quiere un hijo',
    '34 años, volumen de semen 0,8 mL',
  ],
  beAsked: 'O deje que le pregunten.',
  beAskedMore: 'Unas pocas preguntas, primero las más reveladoras.',
  start: 'Empezar',
  dropIt: 'O suelte un historial',
  dropItMore: 'en esta página: FHIR, o un archivo de caso.',
  openFile: 'Abrir un archivo',
  dropHere: 'Suelte aquí el historial',
  privacy: 'Nada se guarda y nada sale a otro sitio. Ayuda a decidir, no es un diagnóstico.',

  yes: 'sí',
  no: 'no',
  answerHint: { number: 'un número', time: 'por ejemplo: hace 3 meses', list: 'nombres separados por comas, o ninguno' },
  goOn: 'Seguir',
  questionNumber: (n) => `Pregunta ${n}`,
  whyAsked: '¿Por qué se pregunta?',
  back: 'Volver',
  dontKnow: 'No lo sé',
  enough: 'Basta: ver la respuesta',
  interviewDone: 'Con esto es suficiente.',
  showAnswer: 'Ver la respuesta',

  cardKinds: {
    causes: 'Causa', findings: 'Hallazgo', mechanisms: 'Mecanismo', functions: 'Función', treatments: 'Tratamiento',
    tests: 'Prueba', ejaculate: 'Eyaculado', evidence: 'Dato publicado', flags: 'Cuándo acudir', sources: 'Origen de los espermatozoides',
  },
  addToCase: 'Añadir a lo que se sabe',
  alsoCalled: 'También llamado:',
  codes: 'Códigos',
  figures: (n) => (n === 1 ? 'El dato publicado en que se apoya' : `Los ${n} datos publicados en que se apoya`),
  lookUpMore: 'Un medicamento, operación, enfermedad, síntoma o prueba, por cualquier nombre o código',
  lookUpHint: 'tamsulosina, orgasmo seco, N53.14 …',
  noMatch: 'Nada con ese nombre.',
  leaflets: 'Folletos en palabras sencillas',
}
