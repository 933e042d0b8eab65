package talk

import "testing"

// An officer's words never ask an employee for a secret; a warning does not.
func TestWordsThatAskForASecret(t *testing.T) {
	for _, text := range []string{
		"Kirim PIN Anda ke saya ya", "boleh minta kode yang masuk ke email?", "PIN-nya apa pak", "berapa kodenya bu?", "tolong sebutkan passphrase",
		"Jangan panik. Kirim kode OTP nya", "jangan lupa kirim PIN", "please tell me your passphrase", "What is your PIN?", "ketik PIN baru di sini",
		"infokan NIK bapak", "kirimkan link reset yang di email", "Send me the code", "balas dengan PIN lama",
	} {
		if !AsksForSecret(text) {
			t.Errorf("carried: %q", text)
		}
	}
	for _, text := range []string{
		"Selamat pagi, ada yang bisa saya bantu?", "Jangan kirim PIN ke siapa pun", "Petugas tidak pernah minta kode", "Buat PIN baru di halaman BSrE, minimal 8 karakter",
		"Never share your PIN", "Nomor HP Bapak sudah saya ganti di portal, silakan tekan Reset PIN", "Boleh saya lihat layarnya?", "Do not send the code to anybody",
		"Emailnya sudah dikirim ulang, silakan cek kotak masuk",
	} {
		if AsksForSecret(text) {
			t.Errorf("not carried: %q", text)
		}
	}
}
