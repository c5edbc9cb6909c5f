/**
 * The order in which a connection proves who it is: keys, then what the host says it would take of password and
 * keyboard-interactive. It keeps what was tried, for the message when nothing was good enough.
 */
import ssh2, {
  type AnyAuthMethod,
  type AuthHandlerMiddleware,
  type BaseAgent,
  type NextAuthHandler,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from 'ssh2'
import type { Host } from '../../shared/model/inventory.ts'
import type { Credentials } from '../engine/ports.ts'
import type { Found, Identity } from './identities.ts'

export type Authentication = {
  readonly handler: AuthHandlerMiddleware
  readonly tried: readonly string[]
  /** What the host last said that it takes. */
  accepts(): readonly string[]
}

const MOST_ANSWERS = 3

export function authenticate(options: {
  readonly host: Host
  readonly user: string
  findIdentities(): Promise<Found>
  readonly credentials: Pick<Credentials, 'password' | 'prompt'>
}): Authentication {
  const { host, user, credentials } = options
  const tried: string[] = []
  let accepts: readonly string[] | null = null
  const mayTry = (method: string) => accepts === null || accepts.includes(method)

  async function* steps(): AsyncGenerator<AnyAuthMethod, void> {
    const { identities, notes } = await options.findIdentities()
    tried.push(...notes)
    const offer = { hasSigned: false }
    for (const identity of identities) {
      if (offer.hasSigned || !mayTry('publickey')) break
      tried.push(identity.label)
      const trace = tried.length - 1
      const onRefusal = (why: string) => (tried[trace] = `${identity.label}: ${why}`)
      yield { type: 'agent', username: user, agent: agentOf(identity, offer, onRefusal) }
    }
    // Only a refusal tells what the host takes. A key that was taken and did not suffice means that it wants more.
    if (!offer.hasSigned && accepts === null) yield { type: 'none', username: user }
    if (accepts === null) yield* keyboardInteractive()
    yield* password()
    if (accepts !== null) yield* keyboardInteractive()
  }

  async function* password(): AsyncGenerator<AnyAuthMethod, void> {
    let last: string | null = null
    for (let left = MOST_ANSWERS; left > 0 && mayTry('password'); left--) {
      const answer = await credentials.password(host)
      if (answer === null && last === null) tried.push('password (none was given)')
      if (answer === null || answer === last) return
      last = answer
      tried.push('password')
      yield { type: 'password', username: user, password: answer }
    }
  }

  async function* keyboardInteractive(): AsyncGenerator<AnyAuthMethod, void> {
    let refused: string | null = null
    const answer = async (
      prompts: readonly { text: string; echo: boolean }[],
      finish: (answers: string[]) => void,
      seen: { answers: string | null },
    ) => {
      const answers = await credentials.prompt(host, prompts).catch(() => null)
      const given = answers === null ? null : JSON.stringify(answers)
      // A wrong answer is not given twice: accounts are locked for that.
      seen.answers = given === refused ? null : given
      finish(seen.answers === null || answers === null ? [] : [...answers])
    }
    for (let left = MOST_ANSWERS; left > 0 && mayTry('keyboard-interactive'); left--) {
      const seen: { answers: string | null; isAsked: boolean } = { answers: null, isAsked: false }
      yield {
        type: 'keyboard-interactive',
        username: user,
        prompt: (_name, _instructions, _language, prompts, finish) => {
          seen.isAsked = true
          const wanted = prompts.map(({ prompt, echo }) => ({ text: prompt, echo: echo === true }))
          void answer(wanted, finish, seen)
        },
      }
      if (!seen.isAsked) return
      tried.push(seen.answers === null ? 'keyboard-interactive (not answered)' : 'keyboard-interactive')
      if (seen.answers === null) return
      refused = seen.answers
    }
  }

  const sequence = steps()
  const advance = async (next: NextAuthHandler) => {
    const step = await sequence.next().catch(() => ({ done: true as const, value: undefined }))
    // ssh2's types do not know that `false` ends it; its documentation does.
    next(step.done === true ? (false as unknown as AnyAuthMethod) : step.value)
  }
  return {
    tried,
    accepts: () => accepts ?? [],
    handler(methods, _partial, next) {
      if (Array.isArray(methods)) accepts = methods
      void advance(next)
    },
  }
}

/** ssh2 signs with a key file at once; an agent may take its time, so every key is handed to it as an agent of one key. */
function agentOf(identity: Identity, offer: { hasSigned: boolean }, onRefusal: (why: string) => void): BaseAgent {
  return new (class extends ssh2.BaseAgent<ParsedKey> {
    getIdentities(done: (error?: Error | null, keys?: ParsedKey[]) => void): void {
      done(null, [identity.publicKey])
    }
    sign(_key: ParsedKey, data: Buffer, options: SigningRequestOptions | SignCallback, answer?: SignCallback): void {
      const done = typeof options === 'function' ? options : answer
      void this.answer(data, typeof options === 'function' ? undefined : options.hash, done)
    }
    private async answer(data: Buffer, hash: string | undefined, done: SignCallback | undefined): Promise<void> {
      const signature = await identity.sign(data, hash).catch((error: Error) => error)
      if (signature instanceof Error) {
        onRefusal(signature.message)
        return done?.(signature)
      }
      offer.hasSigned = true
      done?.(null, signature)
    }
  })()
}
