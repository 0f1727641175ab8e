// Package httpapi is the server's HTTP face: routes, answers, and the one place where an error becomes
// problem+json (RFC 9457).
//
// Routes with JSON answers are declared with huma, so that /openapi.json comes from the code; one file a
// subject, its SQL beside it. Tiles, health, metrics and the page itself are plain echo handlers. Every
// answer is read in one read-only transaction of the application role, so its figures agree with each other.
package httpapi
