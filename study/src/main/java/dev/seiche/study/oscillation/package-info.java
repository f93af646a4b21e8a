/**
 * The study of gradient oscillation: gradients of adjacent steps that point against each other, and how that relates to
 * the sharpness of the loss.
 */
@NullMarked
package dev.seiche.study.oscillation;

import org.jspecify.annotations.NullMarked;
