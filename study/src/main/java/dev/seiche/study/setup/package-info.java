/** What configurations name, made: data sets, networks, losses, optimizers. Shared by all studies. */
@NullMarked
package dev.seiche.study.setup;

import org.jspecify.annotations.NullMarked;
