package dev.seiche.study.report;

import dev.seiche.study.run.AtomicFile;
import dev.seiche.study.run.DiskFault;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The charts of a page as PNG pictures, on white, for slides and papers.
 *
 * <p>Needs the fonts of the system; where there are none, Java's drawing fails and {@link #write} says so.
 */
public final class PngReport {
    private static final int WIDTH = 1200;
    private static final int HEIGHT = 640;

    /** So few places are marked on a curve. */
    private static final int FEW = 12;

    private static final Color INK = new Color(0x3b434d);
    private static final Color GRID = new Color(0xe6e9ed);

    /** Hues after Okabe and Ito, as in the light report. */
    private static final List<Color> PALETTE = List.of(
            new Color(0x0072b2),
            new Color(0xd55e00),
            new Color(0x009e73),
            new Color(0xb8578f),
            new Color(0xb58900),
            new Color(0x5a6370));

    private PngReport() {}

    /**
     * Writes a picture per chart, named after the figure.
     *
     * @return the pictures, in the order of the page
     * @throws dev.seiche.study.UserException when a file cannot be written
     */
    public static List<Path> write(Page page, Path directory) {
        List<Path> written = new ArrayList<>();
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw DiskFault.writing(directory, e);
        }
        for (Page.Section section : page.sections()) {
            for (Figure figure : section.figures()) {
                Optional<BufferedImage> picture = picture(figure);
                if (picture.isPresent()) {
                    Path file = directory.resolve(figure.id() + ".png");
                    ByteBuffer bytes = ByteBuffer.wrap(png(picture.get()));
                    AtomicFile.write(file, channel -> {
                        while (bytes.hasRemaining()) {
                            channel.write(bytes);
                        }
                    });
                    written.add(file);
                }
            }
        }
        return written;
    }

    private static byte[] png(BufferedImage picture) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ImageIO.write(picture, "png", out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The picture of a chart; nothing for tables and notes. */
    static Optional<BufferedImage> picture(Figure figure) {
        if (figure instanceof Figure.LineChart chart) {
            return Optional.of(BitmapEncoder.getBufferedImage(lines(chart)));
        } else if (figure instanceof Figure.BarChart chart) {
            return Optional.of(BitmapEncoder.getBufferedImage(bars(chart)));
        } else if (figure instanceof Figure.HeatMap map) {
            return Optional.of(HeatMapPicture.draw(map, WIDTH));
        } else if (figure instanceof Figure.Contacts sheet) {
            return Optional.of(ContactSheet.draw(sheet, WIDTH));
        }
        return Optional.empty();
    }

    private static XYChart lines(Figure.LineChart figure) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(figure.title())
                .xAxisTitle(figure.x().title())
                .yAxisTitle(figure.y().title())
                .build();
        plain(chart.getStyler());
        boolean log = figure.y().scale() == Figure.Scale.LOG;
        chart.getStyler().setYAxisLogarithmic(log).setYAxisLogarithmicDecadeOnly(false);
        chart.getStyler()
                .setXAxisLogarithmic(figure.x().scale() == Figure.Scale.LOG)
                .setXAxisLogarithmicDecadeOnly(false);
        // Pixels between ticks: enough for the widest step number.
        chart.getStyler().setXAxisTickMarkSpacingHint(120);
        if (figure.y().from() != null && figure.y().to() != null) {
            chart.getStyler()
                    .setYAxisMin(figure.y().from())
                    .setYAxisMax(figure.y().to());
        }
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (Figure.Series one : figure.series()) {
            double[] y = Arrays.stream(one.y())
                    .map(v -> drawable(v, log) ? v : Double.NaN)
                    .toArray();
            if (Arrays.stream(y).allMatch(Double::isNaN)) {
                continue;
            }
            low = Math.min(low, Arrays.stream(one.x()).min().orElse(low));
            high = Math.max(high, Arrays.stream(one.x()).max().orElse(high));
            add(chart, one.name(), one.x(), y, one.colour(), one.stroke());
        }
        for (Figure.Band band : figure.bands()) {
            for (double[] edge : List.of(band.low(), band.high())) {
                if (Arrays.stream(edge).allMatch(v -> drawable(v, log))) {
                    // a chart of lines has no bands: their edges tell the spread
                    edge(chart, band, edge);
                }
            }
        }
        if (low <= high) {
            for (Figure.Reference r : figure.references()) {
                if (!drawable(r.y(), log)) {
                    continue;
                }
                add(chart, r.label(), new double[] {low, high}, new double[] {r.y(), r.y()}, r.colour(), null);
            }
        }
        return chart;
    }

    /**
     * Whether a picture can show the number. XChart searches tick labels for longer the farther numbers lie apart, and
     * for those of a diverged run it never ends; the page draws them all.
     */
    private static boolean drawable(double y, boolean log) {
        return log ? y > 1e-30 && y < 1e30 : Math.abs(y) < 1e9;
    }

    private static void add(
            XYChart chart, String name, double[] x, double[] y, int colour, Figure.@Nullable Stroke stroke) {
        // Names need not be unique on a chart, but its keys must.
        XYSeries series =
                chart.addSeries(Integer.toString(chart.getSeriesCollection().size()), x, y);
        series.setLabel(name);
        Color hue = colour < 0 ? INK : PALETTE.get(colour % PALETTE.size());
        boolean dots = stroke == Figure.Stroke.DOTS;
        boolean marked = dots || stroke != null && x.length <= FEW;
        series.setLineColor(hue);
        series.setMarker(marked ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
        series.setMarkerColor(hue);
        if (dots) {
            series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        } else {
            boolean dashed = stroke == null || stroke == Figure.Stroke.DASHED;
            float[] dash = dashed ? new float[] {8, 5} : null;
            series.setLineStyle(new BasicStroke(1.8f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dash, 0));
        }
    }

    private static void edge(XYChart chart, Figure.Band band, double[] edge) {
        XYSeries series =
                chart.addSeries(Integer.toString(chart.getSeriesCollection().size()), band.x(), edge);
        Color hue = PALETTE.get(band.colour() % PALETTE.size());
        series.setLineColor(new Color(hue.getRed(), hue.getGreen(), hue.getBlue(), 90));
        series.setMarker(SeriesMarkers.NONE);
        series.setShowInLegend(false);
        series.setLineStyle(new BasicStroke(0.8f));
    }

    private static CategoryChart bars(Figure.BarChart figure) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(figure.title())
                .yAxisTitle(figure.y().title())
                .build();
        plain(chart.getStyler());
        chart.getStyler().setAvailableSpaceFill(0.8);
        for (Figure.Bars one : figure.bars()) {
            List<Double> heights = one.heights().stream()
                    .map(h -> drawable(h, false) ? h : 0.0)
                    .toList();
            List<Double> spreads = one.spreads().stream()
                    .map(s -> drawable(s, false) ? s : 0.0)
                    .toList();
            CategorySeries series = chart.addSeries(
                    Integer.toString(chart.getSeriesCollection().size()),
                    figure.categories(),
                    heights,
                    spreads.isEmpty() ? null : spreads);
            series.setLabel(one.name());
            series.setFillColor(PALETTE.get(one.colour() % PALETTE.size()));
        }
        return chart;
    }

    private static void plain(AxesChartStyler style) {
        style.setChartBackgroundColor(Color.WHITE);
        style.setPlotBackgroundColor(Color.WHITE);
        style.setPlotBorderVisible(false);
        style.setPlotGridLinesColor(GRID);
        style.setChartFontColor(INK);
        style.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 20));
        style.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 16));
        style.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        style.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15));
        style.setAxisTickLabelsColor(INK);
        style.setChartTitleBoxVisible(false);
        style.setLegendPosition(Styler.LegendPosition.OutsideE);
        style.setLegendBorderColor(Color.WHITE);
        style.setMarkerSize(4);
        style.setLocale(Locale.ROOT);
    }
}
