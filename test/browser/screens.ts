/** Playwright's test, with pages that fail on anything a person would not see: a refused style, an error, a lost file. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { test as base, expect, type Page } from '@playwright/test'
import { ROOT } from '../support/command.ts'

const SHOTS = join(ROOT, 'test-results/screens')

export type Watched = {
  /** What went wrong so far. */
  readonly faults: string[]
  /** Faults that this test brings about on purpose. */
  allow(pattern: RegExp): void
}

export const test = base.extend<{ watched: Watched }>({
  watched: [
    async ({ page }, use) => {
      const faults: string[] = []
      const allowed: RegExp[] = []
      await page.exposeFunction('reportViolation', (text: string) => void faults.push(`policy: ${text}`))
      await page.addInitScript(() => {
        addEventListener('securitypolicyviolation', (event) => {
          const { reportViolation } = window as unknown as { reportViolation(text: string): void }
          reportViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`)
        })
      })
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') faults.push(`console: ${message.text()}`)
      })
      page.on('pageerror', (error) => faults.push(`error: ${error.message}`))
      page.on('response', (response) => {
        if (response.status() >= 400) faults.push(`${response.status()} ${response.url()}`)
      })
      await use({ faults, allow: (pattern) => void allowed.push(pattern) })
      expect(faults.filter((fault) => !allowed.some((pattern) => pattern.test(fault)))).toEqual([])
    },
    { auto: true },
  ],
})

export { expect }

/** Keeps a picture: artefacts of every run, looked at by people. */
export async function shot(page: Page, name: string): Promise<void> {
  mkdirSync(SHOTS, { recursive: true })
  await page.screenshot({ path: join(SHOTS, `${name}.png`) })
}

/** No rule of WCAG 2.2 A and AA that axe knows is broken. */
export async function expectAccessible(page: Page): Promise<void> {
  const found = await new AxeBuilder({ page })
    // One document without frames; what passes is not listed. Both only make it faster.
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  const said = found.violations.map(
    (one) =>
      `${one.id}: ${one.help}\n${one.nodes
        .slice(0, 4)
        .map((node) => `    ${node.target.join(' ')} ${node.failureSummary?.split('\n')[1] ?? ''}`)
        .join('\n')}`,
  )
  expect(said, said.join('\n')).toEqual([])
}
