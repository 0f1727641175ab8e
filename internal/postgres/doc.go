// Package postgres is the way to the database: three pools for three roles, transactions, migrations, and,
// where no database is named, a managed local cluster of the program's own.
//
// The owner migrates, jingwei_app serves, jingwei_reader follows the outbox and renders tiles. A pool gives
// its role to a connection when the connection is made, and RESET ROLE comes back to the same role.
//
// The managed cluster lives in one directory (cluster.go) and is shared: each program that uses it holds a
// shared lock while it lives, the first one starts the server, the last one to leave stops it. The kernel
// drops the locks of a program that was killed, so nothing has to be tidied up after it; the server that it
// left behind is adopted by the next one.
package postgres
