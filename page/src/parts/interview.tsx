// The interview: one question at a time, a way back, "don't know" always allowed. The server keeps
// nothing: it is given all answers each time.
import { useEffect, useRef, useState } from 'preact/hooks'
import * as api from '../api'
import { lost } from '../assessing'
import { openRecord } from '../records'
import { set, useStore } from '../store'
import type { InterviewStep, Question } from '../types'
import { useWords } from '../words/words'
import { Flags } from './flags'

interface AskProps {
  question: Question
  give: (answer: string) => void
}

// What is sent does not depend on the language, which may be changed between questions.
function Choices({ question, give }: AskProps) {
  const w = useWords()
  const choices = question.kind === 'yes-no'
    ? [{ text: w.yes, answer: 'yes' }, { text: w.no, answer: 'no' }]
    : question.choices.map((text, i) => ({ text, answer: String(i + 1) }))
  return (
    <div class="choices">
      {choices.map(({ text, answer }) => <button key={answer} type="button" onClick={() => give(answer)}>{text}</button>)}
    </div>
  )
}

function Typed({ question, give }: AskProps) {
  const w = useWords()
  const [text, setText] = useState('')
  return (
    <form class="typed" onSubmit={(e) => { e.preventDefault(); if (text.trim()) give(text.trim()) }}>
      <input
        type="text" inputMode={question.kind === 'number' ? 'decimal' : 'text'} autocomplete="off" value={text}
        placeholder={w.answerHint[question.kind === 'number' || question.kind === 'time' ? question.kind : 'list']}
        aria-labelledby="question" onInput={(e) => setText(e.currentTarget.value)}
      />
      <button type="submit" class="strong">{w.goOn}</button>
    </form>
  )
}

// Numbers are sent, as of choices. One button: nothing ticked is an answer too, and it says so.
function Several({ question, give }: AskProps) {
  const w = useWords()
  const [ticked, setTicked] = useState<number[]>([])
  const turn = (i: number) => setTicked(ticked.includes(i) ? ticked.filter((t) => t !== i) : [...ticked, i])
  return (
    <form class="choices" onSubmit={(e) => { e.preventDefault(); give(ticked.length ? ticked.map((i) => i + 1).join(', ') : 'none') }}>
      <fieldset aria-labelledby="question">
        {question.choices.map((text, i) => (
          <label key={text}><input type="checkbox" checked={ticked.includes(i)} onChange={() => turn(i)} />{text}</label>
        ))}
      </fieldset>
      <button type="submit" class="strong">{ticked.length ? w.goOn : w.noneOfThese}</button>
    </form>
  )
}

const KINDS = { 'yes-no': Choices, choice: Choices, number: Typed, time: Typed, list: Typed, several: Several }

async function finish(record: string) {
  await openRecord(record)
  location.hash = '#/'
}

export function InterviewPage() {
  const w = useWords()
  const lang = useStore((s) => s.lang)
  const gone = useStore((s) => s.serverGone)
  const [answers, setAnswers] = useState<string[]>([])
  const [step, setStep] = useState<InterviewStep | null>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const asked = useRef<AbortController | null>(null)

  // An answer that is not understood is told beside its question, and not kept.
  async function ask(next: string[]) {
    asked.current?.abort()
    const mine = (asked.current = new AbortController())
    try {
      const said = await api.interview(next, lang, mine.signal)
      setStep(said)
      if (!said.error) setAnswers(next)
    } catch (fault) {
      if (fault instanceof api.Gone) lost()
      else if (!mine.signal.aborted) set({ fault: fault instanceof Error ? fault.message : String(fault) })
    }
  }

  useEffect(() => {
    if (!gone) void ask(answers)
    return () => asked.current?.abort()
  }, [lang, gone])

  useEffect(() => heading.current?.focus(), [step?.question?.id])

  if (!step) return <div class="column"><p class="soft waiting">{w.thinking}</p></div>
  const { question } = step
  const give = (answer: string) => void ask([...answers, answer])
  const Kind = KINDS[question?.kind ?? 'list']
  return (
    <div class="column interview-page">
      <div aria-live="assertive"><Flags flags={step.flags} /></div>
      {question ? (
        <>
          <p class="eyebrow">{w.questionNumber(answers.length + 1)}</p>
          <h1 id="question" ref={heading} tabIndex={-1}>{question.text}</h1>
          <details key={question.id}><summary>{w.whyAsked}</summary><p>{question.why}</p></details>
          {step.error && <p class="notice" role="alert">{step.error}</p>}
          <Kind key={question.id} question={question} give={give} />
          <div class="steps">
            <button type="button" class="quiet" disabled={answers.length === 0} onClick={() => void ask(answers.slice(0, -1))}>{w.back}</button>
            <button type="button" class="quiet" onClick={() => give('')}>{w.dontKnow}</button>
            {answers.length > 2 && question.kind !== 'several' && <button type="button" class="quiet" onClick={() => give('enough')}>{w.enough}</button>}
          </div>
        </>
      ) : (
        <>
          <h1 ref={heading} tabIndex={-1}>{w.interviewDone}</h1>
          <button type="button" class="strong" onClick={() => void finish(step.case)}>{w.showAnswer}</button>
        </>
      )}
      <p class="estimate" role="status">
        {step.unused?.map((part) => <span key={part.text}>{w.misunderstood({ text: part.text, reason: 'unknown', message: '', nearest: part.nearest })} </span>)}
        {answers.length > 1 && step.estimate}
      </p>
    </div>
  )
}
