/** Screens in a real browser over the loopback host, and the desktop shell where an Electron binary is. */
import { defineConfig } from '@playwright/test'
import { chromiumPath } from './test/support/system-parts.ts'

const executablePath = chromiumPath()
const isRoot = process.getuid?.() === 0

export default defineConfig({
  outputDir: 'test-results/playwright',
  workers: 2,
  fullyParallel: true,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  forbidOnly: process.env['CI'] === 'true',
  reporter: [['list']],
  use: {
    // What a press waits for comes within this, or never: no test is to stand at it until its own time is over.
    actionTimeout: 60_000,
    viewport: { width: 1440, height: 900 },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      // Chromium refuses its own sandbox to root; the pages under test are our own.
      args: isRoot ? ['--no-sandbox'] : [],
    },
  },
  projects: [
    { name: 'browser', testDir: 'test/browser' },
    { name: 'desktop', testDir: 'test/desktop' },
  ],
})
