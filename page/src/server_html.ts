// Pages that the server writes whole (report, leaflet): their main part, and their style sheet. Both
// are cut out of the text before it is parsed, as a strict Content-Security-Policy has it.
export function mainOf(html: string): HTMLElement {
  const main = /<main[\s\S]*<\/main>/.exec(html)?.[0] ?? ''
  const parsed = new DOMParser().parseFromString(main, 'text/html')
  return document.importNode(parsed.querySelector('main') ?? parsed.body, true)
}

export function sheetOf(html: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet()
  const text = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? ''
  sheet.replaceSync(text.replaceAll(':root', ':host').replaceAll(/\bbody\{/g, ':host{'))
  return sheet
}
