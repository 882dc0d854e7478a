/**
 * The command line: words, configuration files and a terminal enter; files, tables and an exit code
 * leave. Each subcommand is one class over the library's public API.
 */
package org.deepcovid.cli;
