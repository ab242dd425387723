// What the server says to a question of a part: null while it is on its way.
import { useEffect, useState } from 'preact/hooks'
import { Gone } from '../api'
import { lost } from '../assessing'
import { useStore } from '../store'

export function useAsked<T>(ask: () => Promise<T>, of: readonly unknown[]): { said: T | null; fault: string | null } {
  const gone = useStore((s) => s.serverGone)
  const [answer, setAnswer] = useState<{ said: T | null; fault: string | null }>({ said: null, fault: null })
  useEffect(() => {
    let live = true
    ask().then(
      (said) => { if (live) setAnswer({ said, fault: null }) },
      (fault) => {
        if (fault instanceof Gone) lost()
        else if (live) setAnswer({ said: null, fault: fault instanceof Error ? fault.message : String(fault) })
      },
    )
    return () => { live = false }
  }, [...of, gone])
  return answer
}
