// The answer, from what matters at once to the small print.
import { percent } from '../numbers'
import { useStore } from '../store'
import type { Report } from '../types'
import { useWords } from '../words/words'
import { Also } from './also'
import { Causes } from './causes'
import { Child } from './child'
import { Flags } from './flags'
import { Mechanisms } from './mechanisms'
import { NextTest } from './next_test'
import { Options } from './options'
import { Reasons } from './reasons'
import { SmallPrint } from './small_print'
import { WhatIfBox } from './what_if'

// For those who do not see the page change.
function Spoken({ report, work }: { report: Report | null; work: string }) {
  const w = useWords()
  const first = report?.mechanisms[0]
  return (
    <p class="hidden" role="status">
      {work === 'answer' ? '' : first ? `${w.mostLikely}: ${first.name}, ${percent(first.probability, w)}` : ''}
    </p>
  )
}

export function Answer() {
  const w = useWords()
  const report = useStore((s) => s.report)
  const plan = useStore((s) => s.plan)
  const work = useStore((s) => s.work)
  const imagines = useStore((s) => s.stopped.length + s.added.length > 0)
  return (
    <>
      <Spoken report={report} work={work} />
      <div class={work === 'none' ? 'working' : 'working on'} aria-hidden="true" />
      {!report && <p class="soft waiting">{w.thinking}</p>}
      {report && (
        <div aria-busy={work === 'answer'}>
          {plan && <Flags flags={plan.flags.filter((flag) => flag.present)} />}
          {imagines && <WhatIfBox />}
          <Mechanisms report={report} />
          <Causes report={report} />
          <Also report={report} />
          <Reasons report={report} />
          {!plan && <p class="soft waiting">{w.planning}</p>}
          {plan && (
            <div aria-busy={work !== 'none'}>
              <NextTest plan={plan} report={report} />
              <Options plan={plan} />
              <Child plan={plan} />
            </div>
          )}
          <SmallPrint report={report} plan={plan} />
        </div>
      )}
    </>
  )
}
