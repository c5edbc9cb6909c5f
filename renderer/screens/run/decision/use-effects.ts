/** What each answer would do, reckoned once per state and moment. */
import { useMemo } from 'react'
import type { Refusal } from '../../../../shared/model/commands.ts'
import { type Effect, effectsOf } from '../../../../shared/run/effects.ts'
import type { Option } from '../../../../shared/run/question.ts'
import type { Act, RunScene } from '../scene.ts'

const NO_OPTIONS: readonly Option[] = []

export function useEffects(scene: RunScene, options: readonly Option[] | undefined): readonly (Effect | Refusal)[] {
  const { run, reckonedMs } = scene
  const all = options ?? NO_OPTIONS
  return useMemo(() => all.map((option) => effectsOf(run, option.command, reckonedMs)), [run, reckonedMs, all])
}

export function useEffectOf(scene: RunScene, act: Act | null): Effect | Refusal | null {
  const { run, reckonedMs } = scene
  const key = JSON.stringify(act)
  return useMemo(
    () => (act === null ? null : effectsOf(run, act, reckonedMs)),
    // An act is made anew each time; what it says is what counts.
    // oxlint-disable-next-line react/exhaustive-deps
    [run, reckonedMs, key],
  )
}
