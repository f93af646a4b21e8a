@NullMarked
package dev.seiche.study.cli;

import org.jspecify.annotations.NullMarked;
