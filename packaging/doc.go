// Package packaging holds what installs the program: the service's unit, the
// packages' contents, an example for containers. Its tests follow the README
// by the letter, as an administrator would who has never seen it.
package packaging
