/**
 * The gradient of every single sample, as factors that are asked questions: {@link
 * dev.seiche.autograd.sample.SampleGradients}.
 */
@NullMarked
package dev.seiche.autograd.sample;

import org.jspecify.annotations.NullMarked;
