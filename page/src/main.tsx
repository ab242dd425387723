import { render } from 'preact'
import { App } from './app'
import { startAssessing } from './assessing'
import { startRouting } from './routing'
import './styles/base.css'
import './styles/desk.css'
import './styles/parts.css'
import './styles/print.css'

startAssessing()
startRouting()
render(<App />, document.getElementById('page')!)
