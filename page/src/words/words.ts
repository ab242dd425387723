import { useStore } from '../store'
import { en, type Words } from './en'
import { es } from './es'

export const useWords = (): Words => useStore((s) => (s.lang === 'es' ? es : en))
