import * as api from '../api'
import { lost } from '../assessing'
import { addFacts } from '../case'
import { openFile } from '../records'
import { get, set } from '../store'
import { useWords } from '../words/words'

async function tryOut(text: string) {
  try {
    const said = await api.understand(text, get().lang)
    set({ facts: addFacts(get().facts, said.facts) })
  } catch (fault) {
    if (fault instanceof api.Gone) lost()
  }
}

export function Welcome() {
  const w = useWords()
  return (
    <div class="welcome">
      <h1>{w.welcome}</h1>
      <p class="summary">{w.welcomeMore}</p>
      <ul class="ways">
        <li><strong>{w.typeIt}</strong> {w.typeItMore}
          <ul class="examples">
            {w.examples.map((text) => (
              <li key={text}><button type="button" onClick={() => void tryOut(text)}>{text}</button></li>
            ))}
          </ul>
        </li>
        <li><strong>{w.beAsked}</strong> {w.beAskedMore} <a href="#/interview">{w.start}</a></li>
        <li><strong>{w.dropIt}</strong> {w.dropItMore}{' '}
          <label class="file">
            {w.openFile}
            <input type="file" accept=".json,.yaml,.yml,.ndjson,.gz" onChange={(e) => {
              const file = e.currentTarget.files?.[0]
              if (file) void openFile(file)
            }} />
          </label>
        </li>
      </ul>
      <p class="soft">{w.privacy}</p>
    </div>
  )
}
