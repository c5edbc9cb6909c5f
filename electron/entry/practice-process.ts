/** The process of the practice hosts: app1, app2 and db1 on this machine alone. */
import '../practice/server.ts'
