package understand

import (
	"strconv"
	"strings"
)

// chosen gives the index of the choice that a text names by its label or by
// its place in the list, or -1.
func chosen(offered []string, text string) int {
	said := strings.Join(split(text), " ")
	for i, label := range offered {
		if said != "" && said == strings.Join(split(Clean(label)), " ") {
			return i
		}
	}
	if i, ok := ordinal(said); ok && i < len(offered) {
		return i
	}
	if i, ok := digitChoice(text); ok && i < len(offered) {
		return i
	}
	return -1
}

func digitChoice(text string) (int, bool) {
	word := strings.Trim(strings.TrimPrefix(strings.ToLower(strings.TrimSpace(text)), "nomor "), ". )")
	n, err := strconv.Atoi(word)
	return n - 1, err == nil && n >= 1 && n <= 9
}

// ordinal gives the place in a list, from 0, that words name.
func ordinal(said string) (int, bool) {
	for _, before := range []string{"", "yang ", "yg ", "pilih ", "pilih yang ", "pilih yg ", "nomor ", "no ", "opsi ", "pilihan ", "the ", "tombol "} {
		name, ok := strings.CutPrefix(said, before)
		if !ok {
			continue
		}
		for i, names := range []string{
			"pertama,satu,kesatu,first,first one,paling atas,yang atas", "kedua,dua,second,second one,ke dua", "ketiga,tiga,third,third one,ke tiga", "keempat,empat,fourth", "kelima,lima,fifth",
		} {
			for n := range strings.SplitSeq(names, ",") {
				if n == name {
					return i, true
				}
			}
		}
	}
	return 0, false
}
