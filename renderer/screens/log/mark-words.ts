/** What a verification says of the high-water mark of this log: what it proves, and where it lies. */
import type { ShownState } from '../../../shared/model/cell.ts'
import { isAboutMark } from '../../parts/problem-words.ts'
import type { Checked } from './checked.ts'

export type MarkWords = { readonly state: ShownState; readonly text: string }

/** null: the verification did not look for one. */
export function markWords({ own, marksFolder }: Checked): MarkWords | null {
  const where = marksFolder === null ? 'outside the data folder' : `in ${marksFolder}, outside the data folder`
  if (own?.mark === undefined) return null
  switch (own.mark) {
    case 'checked':
      return own.problems.some(({ code }) => isAboutMark(code))
        ? {
            state: 'failed',
            text: `The high-water mark, ${where}, is of another log than this one or of a longer one.`,
          }
        : {
            state: 'passed',
            text: `Not shorter than this machine remembers: compared with the high-water mark, ${where}.`,
          }
    case 'missing':
      return {
        state: 'warned',
        text: `There is no high-water mark of it ${where}: that nothing was cut off its end, only a pin from outside can show. The next start of the console records that it was missing.`,
      }
    case 'unreadable':
      return {
        state: 'failed',
        text: `The high-water mark, ${where}, cannot be read: whether the log was cut cannot be told.`,
      }
  }
}
