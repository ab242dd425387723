import { render } from 'preact'
import { App } from './app'
import { health } from './api'
import { startAssessing } from './assessing'
import { startRouting } from './routing'
import { set } from './store'
import './styles/base.css'
import './styles/desk.css'
import './styles/parts.css'
import './styles/print.css'

startAssessing()
startRouting()
health().then(({ store }) => set({ hasStore: store }), () => {})
render(<App />, document.getElementById('page')!)
