/** The options of the browser shell, as `npm start` hands them on and as it is started by itself. */
import { parseArgs } from 'node:util'

export const HOST_USAGE = `Options:
  --data DIR      the data folder; without it that of this account
  --practice      with practice hosts on this machine
  --port N        on 127.0.0.1; without it a free one
  --help
In a checkout, npm start -- takes these as well:
  --no-practice   real hosts only; practice hosts are there without it
  --browser       the browser shell, whatever there is
  --desktop       the desktop shell or none`

export type HostOptions = { readonly data: string | null; readonly isPractice: boolean; readonly port: number }

/** @returns the options, or what is wrong with them and what there are; `help`: only that was asked for */
export function hostOptions(
  argv: readonly string[],
): HostOptions | { readonly wrong: string } | { readonly help: string } {
  let values: { readonly data?: string; readonly practice?: boolean; readonly port?: string; readonly help?: boolean }
  try {
    values = parseArgs({
      args: [...argv],
      options: {
        data: { type: 'string' },
        practice: { type: 'boolean' },
        port: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause)
    return { wrong: `${said.split('. ')[0]}.\n${HOST_USAGE}` }
  }
  if (values.help === true) return { help: HOST_USAGE }
  const port = values.port === undefined ? 0 : Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    return { wrong: `--port takes a number from 0 to 65535, not ${values.port}.` }
  return { data: values.data ?? null, isPractice: values.practice === true, port }
}
