/** Built screens over a staged console: states that are hard to reach with real hosts, reached at once. */
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { type Stage, startStage } from '../renderer/stage/serve.ts'
import { ROOT } from '../support/command.ts'

export const RUN = 'orders-db-15-3'

/** Opens the screens. The page leaves before the stage ends: that is no loss of connection. */
export async function withStage(
  page: Page,
  options: { needsSetup?: boolean; isEmpty?: boolean },
  body: (stage: Stage) => Promise<void>,
): Promise<void> {
  await using stage = await startStage({ screens: join(ROOT, 'out/renderer'), ...options })
  try {
    await page.goto(stage.url)
    await page.locator('main').waitFor()
    await body(stage)
  } finally {
    await page.goto('about:blank')
  }
}

/** Another address of the same page, as a link would lead there. */
export async function goTo(page: Page, address: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash
  }, address)
}
