/**
 * Makes third-party styling live under the strict policy, before anything else runs: style elements that libraries create
 * get this response's nonce, and style attributes that libraries write as markup are set through the style property.
 */

/** The nonce of this response; undefined where the page was served without a policy (a development server). */
export function styleNonce(): string | undefined {
  const meta = document.querySelector<HTMLElement>('meta[property="csp-nonce"], meta[name="csp-nonce"]')
  // Browsers hide the attribute and keep the property.
  const nonce = meta?.nonce || meta?.getAttribute('content') || document.querySelector('script')?.nonce
  return nonce === undefined || nonce === null || nonce === '' ? undefined : nonce
}

export function stampStyles(nonce: string | undefined): void {
  if (nonce !== undefined) {
    const create = document.createElement.bind(document)
    document.createElement = (name: string, options?: ElementCreationOptions) => {
      const element = create(name, options)
      if (name.toLowerCase() === 'style') element.nonce = nonce
      return element
    }
  }
  const setAttribute = Element.prototype.setAttribute
  Element.prototype.setAttribute = function (name: string, value: string) {
    if (name === 'style' && 'style' in this && this.style instanceof CSSStyleDeclaration) this.style.cssText = value
    else setAttribute.call(this, name, value)
  }
}
