/** The loss along the steps that training takes: how well a gradient predicts, and which parameters the loss was lost in. */
@NullMarked
package dev.seiche.metrics.landscape;

import org.jspecify.annotations.NullMarked;
